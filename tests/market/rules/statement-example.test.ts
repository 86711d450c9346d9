import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { headFromProof, type ProofStep, signedText } from "../../../market/rules/statement-tree.js";

const page = readFileSync(new URL("../../../docs/statements.md", import.meta.url), "utf8");
const block = (language: string): string => page.match(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``))?.[1] ?? "";

interface Example {
  readonly participant: string;
  readonly market: string;
  readonly day: string;
  readonly hash: string;
  readonly salt: string;
  readonly proof: readonly ProofStep[];
  readonly head: string;
}
const example = JSON.parse(block("json")) as Example;

describe("the example of docs/statements.md", () => {
  const context = { require: createRequire(import.meta.url), Buffer };
  const check = runInNewContext(`${block("js")}; check`, context) as (example: Example) => boolean;

  it("holds by the code printed beside it, which knows nothing but node:crypto", () => {
    expect(check(example)).toBe(true);
  });

  it.each(["participant", "market", "day", "hash", "salt", "head"] as const)(
    "does not hold any more with another %s",
    (field) => {
      expect(check({ ...example, [field]: `${example[field]}x` })).toBe(false);
    },
  );

  it("follows from the market's own rule", () => {
    const { market, day, head, proof } = example;
    expect(headFromProof(example, proof, (text) => createHash("sha256").update(text).digest("hex"))).toBe(head);
    expect(signedText(market, day, head)).toBe(`main\n2016-08-02\n${head}`);
  });
});
