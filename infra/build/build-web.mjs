/**
 * Builds the pages of `infra/web` into `dist/web`: one HTML file for each folder that has an `index.html`, and hashed files that they
 * share below `assets/`, each also compressed once, so that no request has to be.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { constants, gzipSync } from "node:zlib";

/** Shorter ones are not worth a second file. */
const shortestCompressedBytes = 1024;

/** @returns whether there are pages now: not where Vite is missing, as where packages for development are. */
export async function buildWeb(root, outDir) {
  const web = join(root, "infra", "web");
  const pages = readdirSync(web).filter((folder) => existsSync(join(web, folder, "index.html")));
  const vite = await import("vite").catch(() => undefined);
  if (vite === undefined) return false;
  await vite.build({
    ...{ root: web, configFile: false, logLevel: "warn", base: "/" },
    oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
    build: {
      ...{ outDir, emptyOutDir: true, target: "es2022", modulePreload: { polyfill: false }, assetsInlineLimit: 0 },
      rolldownOptions: {
        input: Object.fromEntries(pages.map((folder) => [folder, join(web, folder, "index.html")])),
      },
    },
  });
  const assets = join(outDir, "assets");
  for (const file of readdirSync(assets)) {
    const bytes = readFileSync(join(assets, file));
    if (bytes.length < shortestCompressedBytes) continue;
    writeFileSync(join(assets, `${file}.gz`), gzipSync(bytes, { level: constants.Z_BEST_COMPRESSION }));
  }
  return true;
}
