/**
 * Where a point of the world lies on a base map with another datum. Everything here keeps and sends WGS-84; only what is drawn is
 * moved: maps of the mainland are shifted by the prescribed offset (GCJ-02), Baidu's once more (BD-09).
 */
import type { Schemas } from "@shoufa/api";

/** Latitude and longitude in degrees. */
export type Point = readonly [latitude: number, longitude: number];
type Datum = Schemas["MapDatum"];

const { PI, sin, cos, sqrt, abs, atan2, hypot } = Math;
/** The ellipsoid of the prescribed offset. */
const AXIS = 6378245;
const ECCENTRICITY = 0.00669342162296594323;
/** So many rounds bring the way back to less than a millimetre. */
const ROUNDS = 5;

function waves(x: number): number {
  return ((20 * sin(6 * x * PI) + 20 * sin(2 * x * PI)) * 2) / 3;
}

function north(x: number, y: number): number {
  const long = ((20 * sin(y * PI) + 40 * sin((y / 3) * PI)) * 2) / 3;
  const longest = ((160 * sin((y / 12) * PI) + 320 * sin((y * PI) / 30)) * 2) / 3;
  return -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + waves(x) + long + longest;
}

function east(x: number, y: number): number {
  const long = ((20 * sin(x * PI) + 40 * sin((x / 3) * PI)) * 2) / 3;
  const longest = ((150 * sin((x / 12) * PI) + 300 * sin((x / 30) * PI)) * 2) / 3;
  return 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + waves(x) + long + longest;
}

function toGcj02([latitude, longitude]: Point): Point {
  const [x, y] = [longitude - 105, latitude - 35];
  const angle = (latitude / 180) * PI;
  const bend = 1 - ECCENTRICITY * sin(angle) ** 2;
  const up = (north(x, y) * 180) / (((AXIS * (1 - ECCENTRICITY)) / (bend * sqrt(bend))) * PI);
  const right = (east(x, y) * 180) / ((AXIS / sqrt(bend)) * cos(angle) * PI);
  return [latitude + up, longitude + right];
}

function toBd09(point: Point): Point {
  const [y, x] = toGcj02(point);
  const turn = (PI * 3000) / 180;
  const far = hypot(x, y) + 0.00002 * sin(y * turn);
  const angle = atan2(y, x) + 0.000003 * cos(x * turn);
  return [far * sin(angle) + 0.006, far * cos(angle) + 0.0065];
}

const SHIFTS: Readonly<Record<Datum, (point: Point) => Point>> = { wgs84: (point) => point, gcj02: toGcj02, bd09: toBd09 };

/** Where a point of WGS-84 is drawn. */
export function drawn(point: Point, datum: Datum): Point {
  return SHIFTS[datum](point);
}

/** Which point of WGS-84 is drawn here: what is drawn there is looked at, and the guess moved by the difference. */
export function meant(seen: Point, datum: Datum): Point {
  let guess = seen;
  if (datum === "wgs84") return guess;
  for (let round = 0; round < ROUNDS; round += 1) {
    const [latitude, longitude] = drawn(guess, datum);
    guess = [guess[0] + seen[0] - latitude, guess[1] + seen[1] - longitude];
  }
  return guess;
}
