/**
 * The base of every map: the outlines of the city's districts, and the tiles below them where the city has configured some. Both
 * come from our own server, so that no map asks a third party for anything. Leaflet draws, in the datum of the tiles; who shows
 * something on the base gives and gets WGS-84.
 */
import L from "leaflet";
import "leaflet/dist/leaflet.css";
import "./map.css";
import { data, type Schemas } from "@shoufa/api";
import { api } from "../session/session.ts";
import { laterWords } from "../words/later.ts";
import { drawn, meant } from "./datum.ts";

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

let baseMap: Promise<Schemas["BaseMapView"] | null> | null = null;

/** What lies below; without an answer nothing does, and the next map asks again. */
function readBaseMap(): Promise<Schemas["BaseMapView"] | null> {
  baseMap ??= data(api.GET("/api/v1/base-map")).catch(() => (baseMap = null));
  return baseMap;
}

/** The usual map of the world, with every point where a map with this datum has it. */
function shifted(datum: Schemas["MapDatum"]): L.CRS {
  const usual = L.Projection.SphericalMercator;
  const at = (moved: readonly [number, number]) => L.latLng(moved[0], moved[1]);
  const projection: L.Projection = {
    bounds: usual.bounds,
    project: ({ lat, lng }) => usual.project(at(drawn([lat, lng], datum))),
    unproject: (point) => {
      const { lat, lng } = usual.unproject(point);
      return at(meant([lat, lng], datum));
    },
  };
  return L.extend({}, L.CRS.EPSG3857, { projection }) as L.CRS;
}

/** A map with the districts on it; without network it is empty, and can be used all the same. */
export async function drawMap(element: HTMLElement, centre: L.LatLngTuple | null, zoom: number): Promise<L.Map> {
  const below = await readBaseMap();
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(element, {
    minZoom: FARTHEST,
    maxZoom: NEAREST,
    zoomControl: false,
    zoomAnimation: !still,
    fadeAnimation: !still,
    attributionControl: false,
    ...(below && below.datum !== "wgs84" && { crs: shifted(below.datum) }),
  });
  map.setView(centre ?? CITY, zoom);
  L.control.zoom({ position: "bottomright", zoomInTitle: laterWords.value.nearby.zoomIn, zoomOutTitle: laterWords.value.nearby.zoomOut }).addTo(map);
  L.control.scale({ imperial: false, position: "bottomleft" }).addTo(map);
  if (below?.tiles) {
    element.classList.add("on-tiles");
    L.tileLayer(below.tiles, { minNativeZoom: below.min_zoom, maxNativeZoom: below.max_zoom, maxZoom: NEAREST }).addTo(map);
  }
  const told = [below?.attribution ?? ""];
  readOutlines()
    .then((read) => told.push(addOutlines(map, read)))
    .catch(() => undefined)
    .finally(() => tell(map, told));
  return map;
}

/** Whose maps these are: as words, never as HTML. */
function tell(map: L.Map, told: readonly string[]): void {
  const control = L.control.attribution({ prefix: false, position: "bottomleft" }).addTo(map);
  const words = control.getContainer();
  if (words) words.textContent = told.filter((one) => one !== "").join(" · ");
}

/** Draws them; answers whose they are. */
function addOutlines(map: L.Map, read: Outlines): string {
  L.geoJSON(read as unknown as GeoJSON.GeoJsonObject, { interactive: false, style: { className: "district", weight: 1 } }).addTo(map);
  for (const { properties } of read.features) {
    const [longitude, latitude] = properties.centre;
    const name = L.divIcon({ className: "district-name", html: "", iconSize: [88, 20] });
    const marker = L.marker([latitude, longitude], { icon: name, interactive: false, keyboard: false, zIndexOffset: -1000 }).addTo(map);
    const element = marker.getElement();
    if (element) element.textContent = properties.name;
  }
  return `${sourceName(read.about.source)} ${read.about.map_review_number}`;
}

/** 天地图行政区划 out of "a package (天地图行政区划)". */
function sourceName(source: string): string {
  return source.match(/[(（]([^)）]+)[)）]/)?.[1] ?? source;
}

export { L };
