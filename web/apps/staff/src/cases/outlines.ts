/** The outlines of the counties, put on a sheet of 100 by 100. */
import { data } from "@shoufa/api";
import { api } from "../session/session.ts";

type Ring = [number, number][];
interface Feature {
  properties: Record<string, unknown>;
  geometry: { type: "Polygon"; coordinates: Ring[] } | { type: "MultiPolygon"; coordinates: Ring[][] };
}
interface Document {
  about?: Record<string, unknown>;
  features: Feature[];
}

export interface Outlines {
  shapes: { code: string; path: string }[];
  /** Source and review number, to be shown with the map. */
  about: { source: string; review: string };
  put(longitude: number, latitude: number): { x: number; y: number };
}

let asked: Promise<Outlines> | null = null;

export function outlines(): Promise<Outlines> {
  asked ??= data(api.GET("/api/v1/outlines")).then((document) => draw(document as unknown as Document));
  asked.catch(() => (asked = null));
  return asked;
}

function draw(document: Document): Outlines {
  const rings = (feature: Feature) => (feature.geometry.type === "Polygon" ? feature.geometry.coordinates : feature.geometry.coordinates.flat());
  const all = document.features.flatMap(rings).flat();
  const [west, east] = [Math.min(...all.map(([x]) => x)), Math.max(...all.map(([x]) => x))];
  const [south, north] = [Math.min(...all.map(([, y]) => y)), Math.max(...all.map(([, y]) => y))];
  // A degree of longitude is shorter than one of latitude.
  const narrow = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const scale = 100 / Math.max((east - west) * narrow, north - south);
  const put = (longitude: number, latitude: number) => ({ x: (longitude - west) * narrow * scale, y: (north - latitude) * scale });
  const line = (ring: Ring) => `M${ring.map(([longitude, latitude]) => put(longitude, latitude)).map(({ x, y }) => `${x.toFixed(2)} ${y.toFixed(2)}`).join("L")}Z`;
  return {
    shapes: document.features.map((feature) => ({
      code: String(feature.properties["code"] ?? feature.properties["adcode"] ?? feature.properties["gb"] ?? ""),
      path: rings(feature).map(line).join(""),
    })),
    about: said(document.about),
    put,
  };
}

/** Whose map it is, and the number under which it was reviewed. */
function said(about: Document["about"]): Outlines["about"] {
  return { source: String(about?.["source"] ?? ""), review: String(about?.["map_review_number"] ?? "") };
}
