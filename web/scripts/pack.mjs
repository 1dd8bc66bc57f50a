/** Packs what was built, once and as small as it gets: beside each file that packs well a `.br` and a `.gz`. */
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const PACKS_WELL = /\.(html|js|css|svg|json|webmanifest|txt)$/;
/** Bytes below which packing gains nothing. */
const SMALLEST = 512;

const folder = process.argv[2] ?? "dist";
const names = await readdir(folder, { recursive: true });
for (const name of names.filter((name) => PACKS_WELL.test(name))) {
  const path = join(folder, name);
  if ((await stat(path)).size < SMALLEST) continue;
  const raw = await readFile(path);
  const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY, [constants.BROTLI_PARAM_SIZE_HINT]: raw.length };
  await writeFile(`${path}.br`, await promisify(brotliCompress)(raw, { params }));
  await writeFile(`${path}.gz`, await promisify(gzip)(raw, { level: 9 }));
}
