/**
 * The base of every map: the outlines of the city's districts from our own server, so that no map asks a third party for
 * anything. Leaflet draws; what lies on the base is the matter of who shows it.
 */
import L from "leaflet";
import "leaflet/dist/leaflet.css";
import "./map.css";
import { laterWords } from "../words/later.ts";

export interface Outlines {
  type: "FeatureCollection";
  about: { source: string; map_review_number: string };
  features: { type: "Feature"; properties: { code: string; name: string; centre: [number, number] }; geometry: GeoJSON.Geometry }[];
}

/** Where a map opens that was not told where. */
const CITY: L.LatLngTuple = [35.25, 118.3];
const [FARTHEST, NEAREST] = [8, 18];

let outlines: Promise<Outlines> | null = null;

function readOutlines(): Promise<Outlines> {
  outlines ??= fetch("/api/v1/outlines").then((answer) => answer.json() as Promise<Outlines>);
  outlines.catch(() => (outlines = null));
  return outlines;
}

/** A map with the districts on it; without network it is empty, and can be used all the same. */
export function drawMap(element: HTMLElement, centre: L.LatLngTuple | null, zoom: number): L.Map {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(element, {
    minZoom: FARTHEST,
    maxZoom: NEAREST,
    zoomControl: false,
    zoomAnimation: !still,
    fadeAnimation: !still,
    attributionControl: false,
  });
  map.setView(centre ?? CITY, zoom);
  L.control.zoom({ position: "bottomright", zoomInTitle: laterWords.value.nearby.zoomIn, zoomOutTitle: laterWords.value.nearby.zoomOut }).addTo(map);
  L.control.scale({ imperial: false, position: "bottomleft" }).addTo(map);
  readOutlines().then(
    (read) => addOutlines(map, read),
    () => undefined,
  );
  return map;
}

function addOutlines(map: L.Map, read: Outlines): void {
  L.geoJSON(read as unknown as GeoJSON.GeoJsonObject, { interactive: false, style: { className: "district", weight: 1 } }).addTo(map);
  for (const { properties } of read.features) {
    const [longitude, latitude] = properties.centre;
    const name = L.divIcon({ className: "district-name", html: "", iconSize: [88, 20] });
    const marker = L.marker([latitude, longitude], { icon: name, interactive: false, keyboard: false, zIndexOffset: -1000 }).addTo(map);
    const element = marker.getElement();
    if (element) element.textContent = properties.name;
  }
  const said = `${sourceName(read.about.source)} ${read.about.map_review_number}`;
  L.control.attribution({ prefix: false, position: "bottomleft" }).addAttribution(said).addTo(map);
}

/** 天地图行政区划 out of "a package (天地图行政区划)". */
function sourceName(source: string): string {
  return source.match(/[(（]([^)）]+)[)）]/)?.[1] ?? source;
}

export { L };
