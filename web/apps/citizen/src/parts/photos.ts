/** Photos as pages show them: the public's by their address, those of an own case fetched with the session. */
import { data, type Schemas } from "@shoufa/api";
import { api } from "../session/session.ts";
import { words } from "../words/index.ts";

export type Rendition = "thumbnail" | "display";

export interface ShownPhoto {
  key: string;
  purpose: string;
  /** The entry of the timeline or the reply that it belongs to; the case's own id for the report's. */
  subject: string | null;
  /** Where a rendition is shown from; nothing while the photo is still on its way. */
  source: ((rendition: Rendition) => Promise<string>) | null;
}

export function ownPhoto(photo: Schemas["CasePhotoView"]): ShownPhoto {
  const { id } = photo;
  return {
    key: photo.sha256,
    purpose: photo.purpose,
    subject: photo.subject_id,
    source: id && photo.thumbnail ? (rendition) => sealed(id, rendition) : null,
  };
}

export function publicPhoto(photo: Schemas["PublicPhotoView"]): ShownPhoto {
  return { key: photo.thumbnail, purpose: photo.purpose, subject: null, source: async (rendition) => photo[rendition] };
}

/** A photo that asks for the session: an address in this page's memory, to be revoked by who shows it. */
async function sealed(id: string, rendition: Rendition): Promise<string> {
  const params = { path: { id } };
  const path = rendition === "thumbnail" ? "/api/v1/photos/{id}/thumbnail" : "/api/v1/photos/{id}/display";
  const blob = await data(api.GET(path, { params, parseAs: "blob" }));
  return URL.createObjectURL(blob as Blob);
}

/** 之前 or 之后 where a unit shows both, else simply a photo. */
export function labelOf(purpose: string): string {
  if (purpose === "reply_after") return words.value.case.after;
  if (purpose === "reply_before" || purpose === "report") return words.value.case.before;
  return words.value.case.photo;
}
