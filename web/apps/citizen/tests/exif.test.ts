/** What a camera wrote: read where it is whole, and nothing where it is not. */
import { expect, test } from "vitest";
import { readTakenAt } from "../src/photos/exif.ts";

const [ASCII, LONG, RATIONAL] = [2, 4, 5];

/** A JPEG's head with a position and a time, in either byte order. */
function jpeg(little: boolean, latitude: [number, number, number], sign: string): Uint8Array<ArrayBuffer> {
  const tiff = new DataView(new ArrayBuffer(200));
  const short = (at: number, value: number) => tiff.setUint16(at, value, little);
  const long = (at: number, value: number) => tiff.setUint32(at, value, little);
  const text = (at: number, value: string) => [...value].forEach((letter, index) => tiff.setUint8(at + index, letter.charCodeAt(0)));
  const entry = (at: number, tag: number, type: number, count: number, value: number) => {
    short(at, tag);
    short(at + 2, type);
    long(at + 4, count);
    long(at + 8, value);
  };
  const degrees = (at: number, parts: readonly number[]) => parts.forEach((part, index) => (long(at + index * 8, part * 100), long(at + index * 8 + 4, 100)));
  short(0, little ? 0x4949 : 0x4d4d);
  short(2, 42);
  long(4, 8);
  short(8, 2);
  entry(10, 0x0132, ASCII, 20, 38);
  entry(22, 0x8825, LONG, 1, 60);
  text(38, "2026:11:22 19:03:11\0");
  short(60, 4);
  entry(62, 1, ASCII, 2, 0);
  text(70, sign);
  entry(74, 2, RATIONAL, 3, 120);
  entry(86, 3, ASCII, 2, 0);
  text(94, "E");
  entry(98, 4, RATIONAL, 3, 150);
  degrees(120, latitude);
  degrees(150, [118, 21, 0]);
  const head = [0xff, 0xd8, 0xff, 0xe1, 0, 208, 0x45, 0x78, 0x69, 0x66, 0, 0];
  return new Uint8Array([...head, ...new Uint8Array(tiff.buffer), 0xff, 0xd9]);
}

test.each([true, false])("position and time are read in both byte orders (little: %s)", async (little) => {
  const taken = await readTakenAt(new Blob([jpeg(little, [35, 3, 0], "N")]));
  expect(taken.latitude).toBeCloseTo(35.05, 5);
  expect(taken.longitude).toBeCloseTo(118.35, 5);
  expect(taken.time).toBe("2026:11:22 19:03:11");
});

test("south is below the equator, and what cannot be a latitude is none", async () => {
  expect((await readTakenAt(new Blob([jpeg(true, [35, 3, 0], "S")]))).latitude).toBeCloseTo(-35.05, 5);
  expect((await readTakenAt(new Blob([jpeg(true, [135, 3, 0], "N")]))).latitude).toBeNull();
});

test("a file that is cut off anywhere, or none at all, reads as nothing and breaks nothing", async () => {
  const whole = jpeg(true, [35, 3, 0], "N");
  for (let length = 0; length < whole.length; length += 1) {
    const taken = await readTakenAt(new Blob([whole.slice(0, length)]));
    expect(taken.latitude === null || Math.abs(taken.latitude - 35.05) < 1e-5, `cut at ${length}`).toBe(true);
  }
  expect((await readTakenAt(new Blob(["no picture"]))).time).toBeNull();
});
