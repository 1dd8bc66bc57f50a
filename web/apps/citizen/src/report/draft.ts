/**
 * The report that is being written: kept on the phone at every change, looked at by the server while it is written (category,
 * questions, who will receive it, what is near), and handed to the outbox when it is sent.
 */
import { computed, reactive, ref, shallowRef, watch } from "vue";
import { ApiProblem, data, type Schemas } from "@shoufa/api";
import { accountId, api } from "../session/session.ts";
import { dropDraft, handOver, keepDraft, leftDraft, type Draft, type KeptPhoto } from "../outbox/store.ts";

/** As many as the server takes with a report. */
export const MOST_PHOTOS = 9;
export const LONGEST_TEXT = 2000;
/** So short a text says nothing about its category. */
const SHORTEST_LOOKED_AT = 4;
const PAUSE_MS = 600;

export type Place = Schemas["PlaceRequest"];
export type Preview = Schemas["CasePreviewView"];

export function useDraft() {
  const id = ref<string>(crypto.randomUUID());
  const photos = shallowRef<KeptPhoto[]>([]);
  /** Where the first photo with a position was taken: offered, used when tapped. */
  const photoPlace = ref<Place | null>(null);
  /** When the first photo was taken, as its camera wrote it. */
  const photoTime = ref<string | null>(null);
  const report = reactive({
    text: "",
    category: null as string | null,
    place: {} as Place,
    visibility: null as Schemas["Visibility"] | null,
    answers: {} as Record<string, string>,
  });
  const preview = shallowRef<Preview | null>(null);
  /** What the server guessed before a category was chosen. */
  const suggested = shallowRef<Preview["categories"]>([]);
  const isSaved = ref(false);
  const ready = restore();

  async function restore(): Promise<void> {
    const left = await leftDraft();
    if (left === null) return;
    id.value = left.id;
    photos.value = left.photos;
    report.text = left.report.text;
    report.category = left.report.category ?? null;
    report.place = left.report.place ?? {};
    report.visibility = left.report.visibility ?? null;
    report.answers = { ...(left.report.answers as Record<string, string> | undefined) };
    isSaved.value = true;
  }

  const visibility = computed(() => report.visibility ?? preview.value?.visibility ?? "public");

  /** The report as it is sent. */
  const request = computed<Schemas["SubmitCaseRequest"]>(() => ({
    text: report.text.trim(),
    category: report.category ?? preview.value?.categories[0]?.code ?? null,
    place: Object.keys(report.place).length > 0 ? { ...report.place } : null,
    visibility: visibility.value,
    answers: answersAsked(),
    photos: photos.value.map((photo) => photo.sha256),
    channel: "web",
  }));

  /** Answers to the questions of now: those to another category's questions are not sent. */
  function answersAsked(): Record<string, string> {
    const asked = preview.value?.questions.map((question) => question.code);
    const given = Object.entries(report.answers).filter(([code, answer]) => answer !== "" && (asked?.includes(code) ?? true));
    return Object.fromEntries(given);
  }

  const isEmpty = computed(() => report.text.trim() === "" && photos.value.length === 0);

  async function addPhoto(file: File): Promise<void> {
    if (photos.value.length >= MOST_PHOTOS) return;
    const { readTakenAt, shrink } = await import("../photos/index.ts");
    const [taken, photo] = await Promise.all([readTakenAt(file), shrink(file)]);
    if (photos.value.some((known) => known.sha256 === photo.sha256)) return;
    photos.value = [...photos.value, photo];
    photoTime.value ??= taken.time;
    if (photoPlace.value === null && taken.latitude !== null && taken.longitude !== null) {
      photoPlace.value = { latitude: taken.latitude, longitude: taken.longitude, datum: "wgs84" };
    }
  }

  function removePhoto(sha256: string): void {
    photos.value = photos.value.filter((photo) => photo.sha256 !== sha256);
  }

  let asking = 0;
  async function look(): Promise<void> {
    const turn = ++asking;
    if (report.text.trim().length < SHORTEST_LOOKED_AT) {
      preview.value = null;
      return;
    }
    const { category } = report;
    try {
      const body = { category, place: request.value.place ?? null, text: report.text.trim() };
      const seen = await data(api.POST("/api/v1/cases/preview", { body }));
      if (turn !== asking) return;
      preview.value = seen;
      if (category === null) suggested.value = seen.categories;
    } catch (problem) {
      // Without the server the report can be written all the same.
      if (!(problem instanceof ApiProblem)) throw problem;
    }
  }

  function written(): Draft {
    const plain = JSON.parse(JSON.stringify(request.value)) as Schemas["SubmitCaseRequest"];
    return { id: id.value, report: plain, photos: [...photos.value], changedAt: Date.now() };
  }

  async function keep(): Promise<void> {
    if (finished) return;
    const { category, visibility: chosen } = report;
    const draft = written();
    // What was only suggested is not kept as if it had been chosen.
    if (isEmpty.value) await dropDraft(draft.id);
    else await keepDraft({ ...draft, report: { ...draft.report, category, visibility: chosen } });
    isSaved.value = !isEmpty.value;
  }

  let lookLater: ReturnType<typeof setTimeout> | undefined;
  let finished = false;
  void ready.then(() => {
    watch([() => ({ ...report, place: { ...report.place } }), photos], () => void keep(), { deep: true });
    watch(
      [() => report.text, () => report.category, () => report.place],
      () => {
        clearTimeout(lookLater);
        lookLater = setTimeout(() => void look(), PAUSE_MS);
      },
      { deep: true, immediate: true },
    );
  });

  /** Hands the report to the outbox; it is safe from here on. */
  async function finish(): Promise<string> {
    finished = true;
    clearTimeout(lookLater);
    await handOver(written(), accountId.value);
    return id.value;
  }

  async function discard(): Promise<void> {
    finished = true;
    await dropDraft(id.value);
  }

  return {
    id,
    report,
    photos,
    photoPlace,
    photoTime,
    preview,
    suggested,
    visibility,
    isEmpty,
    isSaved,
    ready,
    addPhoto,
    removePhoto,
    finish,
    discard,
  };
}
