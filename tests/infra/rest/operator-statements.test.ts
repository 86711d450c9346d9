import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { monthStatements } from "../../../infra/bills/month-statement.js";
import { micro, microPerKwh, wh } from "../../../shared/units.js";
import { terms as market } from "../../market/managers/sample-terms.js";
import { bearer, noBills, type RestStage, restStage } from "./rest-stage.js";

const terms = { scenario: "made up", market, statementKey: "a key" };
const line = {
  kind: "supply",
  energyWh: wh(-500),
  priceMicroPerKwh: microPerKwh(100_000),
  amountMicro: micro(-54_321),
};
const bill = {
  ...{ billId: "b1", periodMs: Date.UTC(2016, 7, 1), participant: "ann", contractedWh: wh(0), meteredWh: wh(-500) },
  ...{ lines: [line] as never, totalMicro: micro(-54_321), previous: "", hash: "h1" },
};
const own = {
  participant: "ann",
  bills: [
    {
      ...{ bill, month: "2016-08", day: "2016-08-01", isLate: false, reading: undefined, orders: [], trades: [] },
      aloneMicro: -60_000,
    },
  ],
  proofs: [],
  payments: [
    {
      ...{ paymentId: "bank-17", participant: "ann", kind: "deposit" as const, amountMicro: 20_000_000 },
      ...{ bookedAtMs: Date.UTC(2016, 7, 3), day: "2016-08-03", month: "2016-08" },
    },
  ],
};
const statements = monthStatements(own, terms).map((one) => ({ ...one, isComplete: true }));
const [first] = statements;

let stage: RestStage;
let headers: Record<string, string>;
beforeAll(async () => {
  stage = await restStage(noBills, [], {
    statements: {
      terms,
      all: async (month) =>
        month === "2016-08" && first !== undefined
          ? {
              rows: [
                { ...first, participant: "ann", bills: 1, lastSentAtMs: 0, lastPaidAtMs: undefined },
                {
                  ...{ participant: "bob", bills: 0, lastSentAtMs: undefined, lastPaidAtMs: Date.UTC(2016, 7, 4) },
                  ...{ exactMicro: micro(0), carriedInMicro: micro(1000), payableMicro: micro(0) },
                  ...{ carriedOutMicro: micro(1000), aloneMicro: 0, paidInMicro: 0, paidOutMicro: 1_500_000 },
                },
              ],
              isComplete: true,
            }
          : { rows: [], isComplete: false },
      one: async (id) => (id === "bob" ? undefined : { own, statements }),
      months: async () => statements,
    },
  });
  headers = bearer(stage.operatorKey);
});
afterAll(() => stage.app.close());

describe("what one's own months came to", () => {
  it("is told by one's own key, day by day beside the supplier alone, and without the bills", async () => {
    const answer = await stage.ask("GET", "/bills/months", { headers: bearer(await stage.newcomer()) });
    expect(answer.json).toMatchObject({
      currency: market.currency,
      items: [
        {
          ...{ month: "2016-08", exact: -0.054321, supplierAlone: -0.06 },
          days: [{ day: "2016-08-01", amount: -0.054321, supplierAlone: -0.06 }],
        },
      ],
    });
    expect(answer.text).not.toContain("b1");
    expect((await stage.ask("GET", "/bills/months")).status).toBe(401);
  });
});

describe("the month's statements", () => {
  it("of all are one line each, as JSON or CSV", async () => {
    const json = await stage.ask("GET", "/operator/statements?month=2016-08", { headers });
    expect([json.status, json.json]).toEqual([
      200,
      {
        ...{ month: "2016-08", currency: "GBP", complete: true },
        items: [
          {
            ...{ participant: "ann", bills: 1, exact: -0.054321, carriedIn: 0, payable: -0.05, carriedOut: -0.004321 },
            ...{ supplierAlone: -0.06, finalAt: "1970-01-15T00:00:00Z", paidIn: 20, paidOut: 0 },
          },
          {
            ...{ participant: "bob", bills: 0, exact: 0, carriedIn: 0.001, payable: 0, carriedOut: 0.001 },
            ...{ supplierAlone: 0, finalAt: "2016-08-04T00:00:00Z", paidIn: 0, paidOut: 1.5 },
          },
        ],
      },
    ]);
    const csv = await stage.ask("GET", "/operator/statements?month=2016-08", {
      headers: { ...headers, accept: "text/csv" },
    });
    expect(csv.text.split("\n")).toEqual([
      "month,participant,bills,exact,carriedIn,payable,carriedOut,supplierAlone,complete,finalAt,paidIn,paidOut",
      "2016-08,ann,1,-0.054321,0,-0.05,-0.004321,-0.06,yes,1970-01-15T00:00:00Z,20,0",
      "2016-08,bob,0,0,0.001,0,0.001,0,yes,2016-08-04T00:00:00Z,0,1.5",
      "",
    ]);
    const empty = await stage.ask("GET", "/operator/statements?month=2016-09", { headers });
    expect(empty.json).toMatchObject({ complete: false, items: [] });
  });

  it.each([
    ["application/json", /"format": "open-elecbay statement 1".*"paymentId": "bank-17"/s],
    ["text/csv", /^month,day,period,billId.*\n2016-08,2016-08-01,.*\n2016-08,2016-08-03,.*bank-17/s],
    ["text/html", /^<!doctype html>.*Statement of ann, August 2016.*bank-17/s],
  ])("of one come as %s", async (accept, form) => {
    const answer = await stage.ask("GET", "/operator/statements/ann?month=2016-08", {
      headers: { ...headers, accept },
    });
    expect([answer.status, String(answer.headers["content-type"])]).toEqual([200, `${accept}; charset=utf-8`]);
    expect(answer.text).toMatch(form);
  });

  it("are refused to others, of who was not billed, of no month, and in another form", async () => {
    const statusOf = async (url: string, more: object = headers) =>
      (await stage.ask("GET", url, { headers: more as never })).status;
    const own = bearer(await stage.newcomer());
    expect(await statusOf("/operator/statements?month=2016-08", own)).toBe(403);
    expect(await statusOf("/operator/statements/bob")).toBe(404);
    expect(await statusOf("/operator/statements/ann?month=2016-09")).toBe(404);
    expect(await statusOf("/operator/statements?month=2016-13")).toBe(400);
    expect(await statusOf("/operator/statements")).toBe(400);
    expect(await statusOf("/operator/statements/ann", { ...headers, accept: "image/png" })).toBe(406);
  });
});
