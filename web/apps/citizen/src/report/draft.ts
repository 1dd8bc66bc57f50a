/**
 * The report that is being written: kept on the phone at every change, looked at by the server while it is written (category,
 * questions, who will receive it, what is near), and handed to the outbox when it is sent.
 */
import { computed, reactive, ref, shallowRef, watch } from "vue";
import { ApiProblem, data, type Schemas } from "@shoufa/api";
import { api } from "../session/session.ts";
import { dropDraft, handOver, keepDraft, leftDraft, type KeptPhoto } from "../outbox/store.ts";
import { readTakenAt } from "../photos/exif.ts";
import { shrink } from "../photos/shrink.ts";

/** As many as the server takes with a report. */
export const MOST_PHOTOS = 9;
export const LONGEST_TEXT = 2000;
const PAUSE_MS = 600;

type Place = NonNullable<Schemas["PlaceRequest"]>;
export type Preview = Schemas["CasePreviewView"];

export function useDraft() {
  const id = ref<string>(crypto.randomUUID());
  const photos = shallowRef<KeptPhoto[]>([]);
  /** Where the first photo with a position was taken: offered, used when tapped. */
  const photoPlace = ref<Place | null>(null);
  const report = reactive({
    text: "",
    category: null as string | null,
    place: {} as Place,
    visibility: null as Schemas["Visibility"] | null,
    answers: {} as Record<string, string>,
  });
  const preview = ref<Preview | null>(null);
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
  }

  /** The report as it is sent. */
  const request = computed<Schemas["SubmitCaseRequest"]>(() => ({
    text: report.text.trim(),
    category: report.category,
    place: Object.keys(report.place).length > 0 ? { ...report.place } : null,
    visibility: report.visibility ?? preview.value?.visibility ?? null,
    answers: { ...report.answers },
    photos: photos.value.map((photo) => photo.sha256),
    channel: "web",
  }));
  const isEmpty = computed(() => report.text.trim() === "" && photos.value.length === 0);

  async function addPhoto(file: File): Promise<void> {
    if (photos.value.length >= MOST_PHOTOS) return;
    const [taken, photo] = await Promise.all([readTakenAt(file), shrink(file)]);
    if (photos.value.some((known) => known.sha256 === photo.sha256)) return;
    photos.value = [...photos.value, photo];
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
    if (report.text.trim().length < 4) {
      preview.value = null;
      return;
    }
    try {
      const { category, place, text } = request.value;
      const seen = await data(api.POST("/api/v1/cases/preview", { body: { category: category ?? null, place: place ?? null, text } }));
      if (turn === asking) preview.value = seen;
    } catch (problem) {
      // Without the server the report can be written all the same.
      if (!(problem instanceof ApiProblem)) throw problem;
    }
  }

  async function keep(): Promise<void> {
    if (isEmpty.value) return dropDraft(id.value);
    const plain = JSON.parse(JSON.stringify(request.value)) as Schemas["SubmitCaseRequest"];
    await keepDraft({ id: id.value, report: plain, photos: [...photos.value], changedAt: Date.now() });
  }

  let lookLater: ReturnType<typeof setTimeout> | undefined;
  void ready.then(() => {
    watch([() => ({ ...report, place: { ...report.place } }), photos], () => void keep(), { deep: true });
    watch([() => report.text, () => report.category, () => report.place], () => {
      clearTimeout(lookLater);
      lookLater = setTimeout(() => void look(), PAUSE_MS);
    }, { deep: true, immediate: true });
  });

  /** Hands the report to the outbox; it is safe from here on. */
  async function finish(accountId: string): Promise<string> {
    await keep();
    const plain = JSON.parse(JSON.stringify(request.value)) as Schemas["SubmitCaseRequest"];
    const given = { id: id.value, report: plain, photos: [...photos.value], changedAt: Date.now() };
    await handOver(given, accountId);
    return given.id;
  }

  return { id, report, photos, photoPlace, preview, ready, addPhoto, removePhoto, finish, isEmpty };
}

export type ReportDraft = ReturnType<typeof useDraft>;
