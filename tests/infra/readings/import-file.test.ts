import { describe, expect, it } from "vitest";
import { importFile } from "../../../infra/readings/import-file.js";

const header = "participant,period,importKwh,exportKwh";
const row = (id: string, kwh = "0.312"): string => `${id},2016-08-01T00:30:00Z,${kwh},0`;

interface Asked {
  readonly url: string;
  readonly key: string | null;
  readonly ids: readonly string[];
}

/** A market that takes every row as new. @param statuses of its answers, 200 when there are no more */
function market(statuses: readonly number[] = []) {
  const asked: Asked[] = [];
  const left = [...statuses];
  const fetch = async (url: string, { body, headers }: RequestInit): Promise<Response> => {
    const lines = String(body).trimEnd().split("\n").slice(1);
    const ids = lines.map((line) => line.split(",")[0] ?? "");
    asked.push({ url, key: new Headers(headers).get("authorization"), ids });
    const status = left.shift() ?? 200;
    if (status !== 200) return Response.json({ detail: "not now" }, { status, headers: { "retry-after": "0" } });
    return Response.json({ items: ids.map((id) => ({ line: 1, participant: id, effect: "new", reason: null })) });
  };
  const bring = (text: string, preview = false, rowsOfPart = 2) =>
    importFile({ name: "readings.csv", text, url: "http://here/", key: "k", preview, fetch, rowsOfPart });
  return { asked, bring };
}

describe("a file of readings that is brought", () => {
  it("goes out in parts, and each row is told by its own line; what is wrong with it needs no market", async () => {
    const { asked, bring } = market();
    const text = `\n${header}\n${row("ann")}\n${row("bob", "much")}\n\n${row("cat")}\n${row("ann")}\n${row("dan")}\n`;
    const { counts, items, preview } = await bring(text);
    expect(asked).toEqual([
      { url: "http://here/operator/readings", key: "Bearer k", ids: ["ann"] },
      { url: "http://here/operator/readings", key: "Bearer k", ids: ["cat"] },
      { url: "http://here/operator/readings", key: "Bearer k", ids: ["dan"] },
    ]);
    expect(items.map(({ line, participant, effect }) => [line, participant, effect])).toEqual([
      [3, "ann", "new"],
      [4, "bob", "refused"],
      [6, "cat", "new"],
      [7, "ann", "refused"], // it stood further up, in another part
      [8, "dan", "new"],
    ]);
    expect([preview, counts.new, counts.refused]).toEqual([false, 3, 2]);
  });

  it("changes nothing as a preview, and may have more rows than a market takes at once", async () => {
    const { asked, bring } = market();
    const ids = Array.from({ length: 20_001 }, (_, n) => `p${n}x`);
    const { counts } = await bring([header, ...ids.map((id) => row(id))].join("\n"), true, 10_000);
    expect(asked.map(({ url }) => url)).toEqual(Array(3).fill("http://here/operator/readings?preview=true"));
    expect(counts.new).toBe(20_001);
  });

  it("waits where it is told to, and ends with the market's own words where it is refused", async () => {
    const patient = market([429, 200]);
    expect((await patient.bring(`${header}\n${row("ann")}`)).counts.new).toBe(1);
    expect(patient.asked).toHaveLength(2);
    await expect(market([403]).bring(`${header}\n${row("ann")}`)).rejects.toThrow("not now");
    await expect(market().bring("name\nann")).rejects.toThrow("readings.csv:1");
  });
});
