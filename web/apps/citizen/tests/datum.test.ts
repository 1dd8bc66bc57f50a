/** Points on base maps with the datums of mainland maps, against values that are known. */
import { expect, test } from "vitest";
import { drawn, meant, type Point } from "../src/map/datum.ts";

const LINYI: Point = [35.0518, 118.3478];
const METRES_PER_DEGREE = 111_195;
const metres = ([a, b]: Point, [c, d]: Point) => Math.hypot(a - c, (b - d) * Math.cos((a / 180) * Math.PI)) * METRES_PER_DEGREE;

test("a place in Linyi is drawn half a kilometre away on a map with the prescribed offset", () => {
  expect(metres(drawn(LINYI, "gcj02"), LINYI)).toBeGreaterThan(500);
  expect(metres(drawn(LINYI, "gcj02"), LINYI)).toBeLessThan(550);
});

test("the server takes the same offset off again", () => {
  const [latitude, longitude] = drawn([35.1047, 118.3564], "gcj02");
  expect([latitude.toFixed(6), longitude.toFixed(6)]).toEqual(["35.104308", "118.362154"]);
});

test("Tiananmen is where mainland maps have it", () => {
  expect(metres(drawn([39.90734, 116.39089], "gcj02"), [39.908743, 116.397131])).toBeLessThan(15);
  expect(metres(drawn([39.90734, 116.39089], "bd09"), [39.915046, 116.403523])).toBeLessThan(15);
});

test("what is picked on a shifted map is the place that was meant", () => {
  for (const datum of ["wgs84", "gcj02", "bd09"] as const) expect(metres(meant(drawn(LINYI, datum), datum), LINYI)).toBeLessThan(0.01);
});
