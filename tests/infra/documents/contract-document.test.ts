import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { contractDocument } from "../../../infra/documents/contract-document.js";
import { fieldMeanings } from "../../../infra/documents/field-meanings.js";
import { fieldGroups } from "../../../infra/documents/field-rows.js";
import { channels } from "../../../shared/messages/channels.js";
import { rejectCodeNames, rejectCodes } from "../../../shared/reject-codes.js";
import { findMissing, rejectCodesIn } from "./published-contract.js";

const repository = new URL("../../../", import.meta.url);
const publishedAt = new URL("../shared/contract.md", repository);
const rows = channels.flatMap(({ schema, address }) =>
  fieldGroups(schema).flatMap((group) => group.rows.map((row) => ({ ...row, address }))),
);

/** The fields of a message, written as in the tables: `bidding[].period`. */
function pathsOf(value: unknown, path = ""): string[] {
  if (Array.isArray(value)) return value.flatMap((inner) => pathsOf(inner, `${path}[]`));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const field = path === "" ? name : `${path}.${name}`;
    return [field, ...pathsOf(inner, field)];
  });
}

describe("docs/contract.md", () => {
  it("is what the program would write now: else run npm run docs", () => {
    const committed = readFileSync(new URL("docs/contract.md", repository), "utf8");
    expect(committed === contractDocument()).toBe(true);
  });

  it("says of every field what it means", () => {
    expect(rows.filter(({ meaning }) => meaning === "").map(({ address, field }) => `${address} ${field}`)).toEqual([]);
  });

  it("shows every field of a message in an example", () => {
    const unseen = channels.flatMap(({ address, schema, examples }) => {
      const shown = new Set(examples.flatMap((example) => pathsOf(example)));
      const fields = fieldGroups(schema).flatMap((group) => group.rows.map(({ field }) => field));
      return fields.filter((field) => !shown.has(field)).map((field) => `${address} ${field}`);
    });
    expect(unseen).toEqual([]);
  });

  it("holds no meaning for a field that no message has", () => {
    const names = new Set(rows.map(({ field }) => field.split(".").at(-1)));
    expect(Object.keys(fieldMeanings).filter((name) => !names.has(name))).toEqual([]);
  });
});

describe("the table of a message's fields", () => {
  it("tells type, range and whether a field may be left out, into lists and objects", () => {
    const schema = z.object({
      n: z.int().min(1),
      kind: z.enum(["a", "b"]).optional().meta({ description: "which" }),
      steps: z.array(z.object({ energyKwh: z.number().nullable() })),
    });
    expect(fieldGroups(schema)).toEqual([
      {
        variant: undefined,
        rows: [
          { field: "n", type: "integer ≥ 1", optional: false, meaning: fieldMeanings.n },
          { field: "kind", type: '"a", "b"', optional: true, meaning: "which" },
          { field: "steps", type: "list of object", optional: false, meaning: "" },
          { field: "steps[].energyKwh", type: "number or null", optional: false, meaning: "" },
        ],
      },
    ]);
  });

  it("names each shape of a union by what tells it apart", () => {
    const schema = z.union([z.object({ action: z.literal("list") }), z.object({ action: z.literal("withdraw") })]);
    expect(fieldGroups(schema).map(({ variant }) => variant)).toEqual(['action: "list"', 'action: "withdraw"']);
  });
});

// The published contract lies beside the project where it is developed, not in a clone of it.
describe.skipIf(!existsSync(publishedAt))("docs/contract.md beside the published contract", () => {
  const published = existsSync(publishedAt) ? readFileSync(publishedAt, "utf8") : "";

  it("lacks no topic, field, reject code, role or REST path of it", () => {
    expect(findMissing(published, contractDocument())).toEqual([]);
  });

  it("is compared with what the published one really holds", () => {
    expect(findMissing(published, "").length).toBeGreaterThan(250);
  });

  it.each([
    ["### `public/price`", "topic public/price"],
    ["`orders[].wouldTradeAtPerKwh`", "field wouldTradeAtPerKwh of private/<id>/contracts/<p>"],
    ["`orders[].rank`", "field rank of private/<id>/contracts/<p>"],
    ["`biddingCycle`", "field biddingCycle of private/<id>/replies"],
    ["| `network-constraint` | 422 |", "reject code network-constraint 422"],
    ["`gateway`", "role gateway"],
    ["| PATCH, DELETE | `/orders/{id}` |", "REST PATCH, DELETE /orders/{id}"],
  ])("misses %s where it is left out", (text, missing) => {
    expect(findMissing(published, contractDocument().replaceAll(text, ""))).toContain(missing);
  });

  it("has the same reject codes and statuses, and no other", () => {
    const ours = rejectCodeNames.filter((name) => name !== "absent").map((name) => `${name} ${rejectCodes[name]}`);
    expect(rejectCodesIn(published).toSorted()).toEqual(ours.toSorted());
  });

  it("checks for rejection in the published order", () => {
    const order = /The first that applies: (.*?), then the rest/.exec(published)?.[1] ?? "";
    const first = [...order.matchAll(/`([a-z-]+)`/g)].map((match) => match[1]);
    expect(first.length).toBeGreaterThan(10);
    expect(rejectCodeNames.slice(0, first.length)).toEqual(first);
  });
});
