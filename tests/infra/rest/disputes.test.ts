import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BillStore } from "../../../infra/journal/bill-store.js";
import { readingKey, type StandingReading } from "../../../infra/journal/reading-store.js";
import { privateExamples } from "../../../shared/messages/examples-private.js";
import { bill } from "../../../shared/messages/private.js";
import { dayMs, isoUtc } from "../../../shared/time.js";
import { wh } from "../../../shared/units.js";
import { bearer, noBills, type RestStage, restStage } from "./rest-stage.js";

const own = bill.parse(privateExamples.bills[0]);
const bills: BillStore = {
  ...noBills,
  page: () => ({ bills: [own], next: undefined }),
  find: (_participant, billId) => (billId === own.billId ? own : undefined),
};

let stage: RestStage;
let key: string;
const standing = new Map<string, StandingReading>();
const dispute = (id: string, payload: object = { reason: "it is wrong" }) =>
  stage.ask("POST", `/bills/${id}/dispute`, { headers: bearer(key), payload });
const answer = (payload: object) =>
  stage.ask("POST", `/operator/disputes/${own.billId}`, { headers: bearer(stage.operatorKey), payload });

beforeAll(async () => {
  stage = await restStage(bills, [], { readings: { standing: () => standing, close: () => {} } });
  key = await stage.newcomer();
});
afterAll(() => stage.app.close());

describe("a disputed bill", () => {
  it("is provisional until it is final, as its list tells", async () => {
    const { json } = await stage.ask("GET", "/bills", { headers: bearer(key) });
    const sent = Date.parse(own.ts);
    expect(json.items).toEqual([{ ...own, finalAt: isoUtc(sent + 14 * dayMs) }]);
  });

  it("is one's own, with a reason, and disputed once", async () => {
    expect((await dispute("b999")).status).toBe(404);
    expect((await dispute(own.billId, {})).status).toBe(400);
    const first = await dispute(own.billId);
    expect([first.status, first.json]).toMatchObject([201, { billId: own.billId, period: own.period, state: "open" }]);
    const again = await dispute(own.billId);
    expect([again.status, again.json.code]).toEqual([409, "already-disputed"]);
    const { json } = await stage.ask("GET", "/bills", { headers: bearer(key) });
    expect(json.items).toMatchObject([{ dispute: { state: "open", reason: "it is wrong" } }]);
  });

  it("is listed for the operator, who answers it once, with the reading that puts it right", async () => {
    const headers = bearer(stage.operatorKey);
    const listed = await stage.ask("GET", "/operator/disputes?state=open", { headers });
    expect(listed.json).toMatchObject({ items: [{ billId: own.billId }], next: null });
    const reading = { importKwh: 0.2, exportKwh: 0, generationKwh: 0 };
    expect((await answer({ outcome: "rejected", answer: "no", reading })).status).toBe(400);
    expect((await answer({ outcome: "rejected", answer: "no", credit: 0.5 })).status).toBe(400);
    expect((await answer({ outcome: "upheld", answer: "too much", credit: -0.5 })).status).toBe(400);
    expect(
      (await stage.ask("POST", "/operator/disputes/b9", { headers, payload: { outcome: "rejected", answer: "no" } }))
        .status,
    ).toBe(404);
    const upheld = await answer({ outcome: "upheld", answer: "read again", reading });
    expect([upheld.status, upheld.json.state]).toEqual([200, "upheld"]);
    const participant = stage.registry.keys.get(key);
    expect(stage.sent).toMatchObject([
      { id: "operator", topic: "meter", command: { ...reading, for: participant, period: own.period } },
    ]);
    const stands = { participant: participant ?? "", importWh: wh(200), exportWh: wh(0), generationWh: wh(0) };
    standing.set(readingKey(participant ?? "", Date.parse(own.period)), {
      ...{ reading: { ...stands, quality: "actual" }, isMetered: true, input: 1 },
    });
    expect((await answer({ outcome: "upheld", answer: "read again", reading })).status).toBe(200);
    const wrong = await answer({ outcome: "upheld", answer: "read again", reading: { ...reading, importKwh: 0.3 } });
    expect([wrong.status, wrong.json.code]).toEqual([409, "already-answered"]);
    const other = await answer({ outcome: "rejected", answer: "no" });
    expect([other.status, other.json.code]).toEqual([409, "already-answered"]);
    expect((await stage.ask("GET", "/operator/disputes?state=open", { headers })).json.items).toEqual([]);
    expect((await stage.ask("GET", "/operator/disputes?after=b9", { headers })).status).toBe(400);
  });
});
