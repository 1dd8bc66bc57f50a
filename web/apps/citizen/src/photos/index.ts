/** What is done with a photo before it is kept. */
export { readTakenAt } from "./exif.ts";
export { shrink } from "./shrink.ts";
