import { afterAll, describe, expect, it } from "vitest";
import { openHistoryStore } from "../../../infra/journal/history-store.js";
import { makeFolder } from "../../../infra/make-folder.js";
import { keepHistory } from "../../../infra/rest/history-keeper.js";
import { publicExamples } from "../../../shared/messages/examples-public.js";
import { cleanUp, newFolder } from "../cli/program.js";
import { restStage } from "./rest-stage.js";

afterAll(cleanUp);
const at = (time: string) => `2016-08-01T${time}:00Z`;
const price = (period: string, pricePerKwh: number) =>
  JSON.stringify({ ...publicExamples.price[0], period, pricePerKwh });
const results = (period: string) => JSON.stringify({ ...publicExamples.results[0], period });

describe("the history of a market", () => {
  it("has prices under their own period, and key figures under the one that was on", async () => {
    const stage = await restStage();
    const hear = (name: string, payload: string) => keepHistory(stage.history, 30, name, payload);
    hear("price", price(at("02:00"), 0.1));
    hear("kpi", JSON.stringify({ ...publicExamples.kpi[0], ts: at("02:10") }));
    hear("price", price(at("02:30"), 0.2));
    hear("market-info", JSON.stringify(publicExamples["market-info"][0]));
    const answer = await stage.ask("GET", "/history?series=price,kpi");
    expect(answer.json).toMatchObject({
      next: null,
      items: [
        { period: at("02:00"), price: { pricePerKwh: 0.1 }, kpi: { ts: at("02:10") } },
        { period: at("02:30"), price: { pricePerKwh: 0.2 } },
      ],
    });
    const again = await stage.ask("GET", "/history?series=price,kpi", {
      headers: { "if-none-match": String(answer.headers.etag) },
    });
    expect(again.status).toBe(304);
  });

  it("is told in pages from a period on, or the newest of it", async () => {
    const stage = await restStage();
    const times = ["02:00", "02:30", "03:00"].map(at);
    for (const period of times) keepHistory(stage.history, 30, "price", price(period, 0.1));
    const periodsOf = (json: Record<string, unknown>) =>
      (json.items as { readonly period: string }[]).map(({ period }) => period);
    const first = await stage.ask("GET", "/history?from=20160801-0000&limit=2");
    expect([periodsOf(first.json), first.json.next]).toEqual([times.slice(0, 2), times[2]]);
    const second = await stage.ask("GET", `/history?from=${String(first.json.next)}&limit=2`);
    expect([periodsOf(second.json), second.json.next]).toEqual([times.slice(2), null]);
    expect(periodsOf((await stage.ask("GET", "/history?limit=2")).json)).toEqual(times.slice(1));
    expect(periodsOf((await stage.ask("GET", "/history?to=20160801-0230")).json)).toEqual(times.slice(0, 2));
    expect((await stage.ask("GET", "/history?series=prices")).status).toBe(400);
  });

  it("has the merit order of a period whose topic was cleared long since, and forgets the oldest", async () => {
    const stage = await restStage();
    const hear = (level: string, payload: string) => keepHistory(stage.history, 30, `results/${level}`, payload);
    hear("20160801-0200", results(at("02:00")));
    hear("20160801-0200", "");
    const answer = await stage.ask("GET", "/history/results?period=20160801-0200");
    expect(answer.text).toBe(results(at("02:00")));
    hear("20160801-0330", results(at("03:30"))); // three periods are kept here
    expect((await stage.ask("GET", "/history/results?period=20160801-0200")).json.code).toBe("unknown-period");
    expect((await stage.ask("GET", "/history/results?period=20160801-0330")).status).toBe(200);
  });

  it("is there again after a restart", () => {
    const stateFolder = newFolder();
    makeFolder(`${stateFolder}/journal`);
    const open = () => openHistoryStore({ stateFolder, mostPeriods: 10, periodMs: 1_800_000 });
    const before = open();
    before.keep(Date.parse(at("02:00")), "price", price(at("02:00"), 0.1));
    before.close();
    const after = open();
    const query = { series: ["price"] as const, fromMs: 0, toMs: Number.MAX_SAFE_INTEGER, limit: 9, newest: true };
    expect(after.rows(query)).toEqual([
      { periodMs: Date.parse(at("02:00")), messages: { price: price(at("02:00"), 0.1) } },
    ]);
    after.close();
  });
});
