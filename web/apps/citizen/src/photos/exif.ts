/**
 * Where and when a photo was taken, read from a JPEG's EXIF before it is shrunk. Only offered to the resident, never sent
 * unasked. Every offset in the file is untrusted: whatever does not fit reads as nothing.
 */
export interface TakenAt {
  latitude: number | null;
  longitude: number | null;
  /** Local time as the camera wrote it: 2026:11:22 19:03:11. */
  time: string | null;
}

/** EXIF stands in the first 64 KiB segment after the start. */
const HEAD_BYTES = 256 * 1024;
const NOTHING: TakenAt = { latitude: null, longitude: null, time: null };

export async function readTakenAt(file: Blob): Promise<TakenAt> {
  try {
    return parse(new DataView(await file.slice(0, HEAD_BYTES).arrayBuffer()));
  } catch (problem) {
    if (problem instanceof RangeError) return NOTHING;
    throw problem;
  }
}

function parse(view: DataView): TakenAt {
  if (view.byteLength < 4 || view.getUint16(0) !== 0xffd8) return NOTHING;
  for (let at = 2; at + 4 <= view.byteLength; ) {
    const marker = view.getUint16(at);
    const length = view.getUint16(at + 2);
    if ((marker & 0xff00) !== 0xff00 || marker === 0xffda || length < 2) break;
    const isExif = marker === 0xffe1 && length > 8 && view.getUint32(at + 4) === 0x45786966;
    if (isExif) return readTiff(new DataView(view.buffer, at + 10, Math.min(length - 8, view.byteLength - at - 10)));
    at += 2 + length;
  }
  return NOTHING;
}

interface Entry {
  type: number;
  count: number;
  /** Where its value stands. */
  at: number;
}

const TYPE_BYTES: Record<number, number> = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 9: 4, 10: 8 };

function readTiff(tiff: DataView): TakenAt {
  const little = tiff.getUint16(0) === 0x4949;
  const short = (at: number) => tiff.getUint16(at, little);
  const long = (at: number) => tiff.getUint32(at, little);

  function directory(at: number): Map<number, Entry> {
    const entries = new Map<number, Entry>();
    const count = Math.min(short(at), 200);
    for (let index = 0; index < count; index += 1) {
      const start = at + 2 + index * 12;
      const [type, values] = [short(start + 2), long(start + 4)];
      const bytes = (TYPE_BYTES[type] ?? 1) * values;
      entries.set(short(start), { type, count: values, at: bytes <= 4 ? start + 8 : long(start + 8) });
    }
    return entries;
  }
  const text = (entry: Entry | undefined): string | null => {
    if (entry === undefined || entry.type !== 2) return null;
    let read = "";
    for (let index = 0; index < Math.min(entry.count, 32); index += 1) {
      const code = tiff.getUint8(entry.at + index);
      if (code === 0) break;
      read += String.fromCharCode(code);
    }
    return read;
  };
  const degrees = (entry: Entry | undefined, sign: string | null, most: number): number | null => {
    if (entry === undefined || entry.type !== 5 || entry.count < 3 || sign === null) return null;
    const part = (index: number) => long(entry.at + index * 8) / long(entry.at + index * 8 + 4);
    const value = part(0) + part(1) / 60 + part(2) / 3600;
    if (!Number.isFinite(value) || value > most) return null;
    return sign === "S" || sign === "W" ? -value : value;
  };

  const first = directory(long(4));
  const [gpsAt, exifAt] = [first.get(0x8825), first.get(0x8769)];
  const gps = gpsAt ? directory(long(gpsAt.at)) : new Map<number, Entry>();
  const exif = exifAt ? directory(long(exifAt.at)) : new Map<number, Entry>();
  const latitude = degrees(gps.get(2), text(gps.get(1)), 90);
  const longitude = degrees(gps.get(4), text(gps.get(3)), 180);
  const placed = latitude !== null && longitude !== null && !(latitude === 0 && longitude === 0);
  return {
    latitude: placed ? latitude : null,
    longitude: placed ? longitude : null,
    time: text(exif.get(0x9003)) ?? text(first.get(0x0132)),
  };
}
