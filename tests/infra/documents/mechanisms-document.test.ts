import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { mechanismsDocument } from "../../../infra/documents/mechanisms-document.js";
import { mechanismNames } from "../../../market/rules/mechanisms/mechanism.js";

const page = readFileSync("docs/mechanisms.md", "utf8");

describe("docs/mechanisms.md", () => {
  it("has the table and the example that the program would write now: else run npm run docs", async () => {
    expect((await mechanismsDocument(page, "docs/example-book.csv")) === page).toBe(true);
  });

  it("tells the convention of every mechanism", () => {
    for (const name of mechanismNames) expect(page).toContain(`\n| \`${name}\` | `);
  });

  it("must hold the marks of its generated parts", async () => {
    await expect(mechanismsDocument("# Mechanisms\n", "docs/example-book.csv")).rejects.toThrow("the page lacks");
  });
});
