/** What long lists are chosen from, asked of the server once for a page's life. */
import { data, type Schemas } from "@shoufa/api";
import { api } from "../session/session.ts";

export interface Choice {
  code: string;
  name: string;
  /** What tells it from others of the same name, and is searched too. */
  note?: string;
}

function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | null = null;
  return () => {
    asked ??= ask().catch((cause: unknown) => {
      asked = null;
      throw cause;
    });
    return asked;
  };
}

export const categories = once(async () => (await data(api.GET("/api/v1/categories"))).groups);

export async function categoryChoices(withGroups = false): Promise<Choice[]> {
  return (await categories()).flatMap((group) => [
    ...(withGroups ? [{ code: group.code, name: group.name }] : []),
    ...group.categories.map((one) => ({ code: one.code, name: `${group.name}·${one.name}` })),
  ]);
}

export const counties = once(async () => {
  const city = (await data(api.GET("/api/v1/regions"))).items[0];
  if (city === undefined) return [];
  return (await data(api.GET("/api/v1/regions", { params: { query: { parent: city.code } } }))).items;
});

const unitsOf = new Map<string, Promise<Schemas["PublicUnitView"][]>>();

function unitsAt(region: string | undefined): Promise<Schemas["PublicUnitView"][]> {
  const key = region ?? "";
  const asked =
    unitsOf.get(key) ??
    data(api.GET("/api/v1/units", { params: { query: region === undefined ? {} : { region } } })).then((answer) => answer.items);
  unitsOf.set(key, asked);
  asked.catch(() => unitsOf.delete(key));
  return asked;
}

function asChoice(unit: Schemas["PublicUnitView"]): Choice {
  return { code: unit.code, name: unit.name, note: [unit.short_name, ...unit.duties].join("、") };
}

/** Units near a place first: those of its township and county, then the city's, then the other counties'. */
export async function unitChoices(region: string | null | undefined): Promise<Choice[]> {
  const near = region ? [region.slice(0, 9), region.slice(0, 6)].filter((code, index, all) => code.length >= 6 && all.indexOf(code) === index) : [];
  const far = (await counties()).map((county) => county.code).filter((code) => !near.includes(code));
  const lists = await Promise.all([...near.map((code) => unitsAt(code).catch(() => [])), unitsAt(undefined), ...far.map(unitsAt)]);
  const seen = new Set<string>();
  return lists.flat().filter((unit) => !seen.has(unit.code) && seen.add(unit.code)).map(asChoice);
}

export async function findRegions(q: string): Promise<Choice[]> {
  const found = await data(api.GET("/api/v1/regions/search", { params: { query: { q: q.slice(0, 60), limit: 20 } } }));
  return found.items.map((one) => ({ code: one.code, name: one.full_name }));
}

export async function findArticles(q: string): Promise<Choice[]> {
  const found = await data(api.GET("/api/v1/knowledge", { params: { query: { q: q.slice(0, 500), limit: 20 } } }));
  return found.items.map((one) => ({ code: one.id, name: one.question, note: one.owner }));
}
