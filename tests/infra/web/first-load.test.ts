/** How much a browser fetches before it shows a page for the first time: the built files, compressed. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";

const web = "dist/web";
const asset = /[\w.-]+-[\w-]{8}\.(?:js|css|svg)/g;

/** The page, what it names, and what is named there, parts that are loaded later included. */
function filesOf(page: string): Set<string> {
  const found = new Set<string>();
  const read = (text: string): void => {
    for (const [name] of text.matchAll(asset)) {
      const file = join(web, "assets", name);
      if (found.has(file) || !existsSync(file)) continue;
      found.add(file);
      read(readFileSync(file, "utf8"));
    }
  };
  read(readFileSync(join(web, page, "index.html"), "utf8"));
  return found;
}

const sent = (file: string): number => (existsSync(`${file}.gz`) ? statSync(`${file}.gz`).size : statSync(file).size);

describe("the first load", () => {
  it.each([
    ["dashboard", 250_000],
    ["inspector", 160_000],
  ])("of the %s is at most %i bytes, compressed", (name, most) => {
    const files = [...filesOf(name)];
    expect(files.some((file) => file.includes("mqtt") || file.includes("broker-link"))).toBe(true);
    const page = gzipSync(readFileSync(join(web, name, "index.html"))).length;
    expect(files.reduce((total, file) => total + sent(file), page)).toBeLessThanOrEqual(most);
  });
});
