/** Months read on from where they were left, and one month from where all is known that it is made of: the same bytes as from the beginning. */
import { describe, expect, it, vi } from "vitest";
import { statementJson } from "../../../infra/bills/data-pages.js";
import type { OwnBills } from "../../../infra/bills/read-bills.js";
import { createStatementBook } from "../../../infra/bills/statement-book.js";
import type { BillEntry, BillFact } from "../../../infra/journal/bill-entries.js";
import type { Reading } from "../../../market/facts.js";
import { entryOf } from "../../../market/rules/payments.js";
import { stream } from "../../../shared/random-stream.js";
import { dayMs, hourMs } from "../../../shared/time.js";
import { micro, microPerKwh, wh } from "../../../shared/units.js";
import { terms as sample } from "../../market/managers/sample-terms.js";

const calendar = { ...sample.calendar, correctionDays: 2 };
const terms = { scenario: "made up", market: { ...sample, calendar }, statementKey: "a key" };
const people = ["ann", "bob", "cat"];
const firstMs = Date.UTC(2016, 6, 20, 12);
const days = 80;

/** A period a day at noon, billed a day later; some readings corrected before and after that; ann leaves in August; bob pays in. */
function journal(): BillEntry[] {
  const chance = stream(7, "months", "made");
  const made: Omit<BillEntry, "n">[] = [];
  let bills = 0;
  const reading = (participant: string): Reading => ({
    ...{ participant, importWh: wh(chance.integer(0, 900)), exportWh: wh(0), generationWh: wh(0), quality: "actual" },
  });
  const meter = (atMs: number, periodMs: number, readings: readonly Reading[]): void =>
    void made.push({ atMs, metered: { periodMs, readings }, facts: [] });
  const tell = (atMs: number, ...facts: BillFact[]): void => void made.push({ atMs, metered: undefined, facts });
  const bill = (participant: string, periodMs: number): BillFact => {
    bills += 1;
    const totalMicro = micro(-chance.integer(1000, 90_000));
    const line = {
      kind: "supply",
      energyWh: wh(-500),
      priceMicroPerKwh: microPerKwh(100_000),
      amountMicro: totalMicro,
    };
    const rest = {
      contractedWh: wh(0),
      meteredWh: wh(-500),
      previous: "",
      hash: `hash ${bills}`,
      lines: [line] as never,
    };
    return { type: "bill", bill: { ...rest, billId: `b${bills}`, periodMs, participant, totalMicro } };
  };
  for (let day = 0; day < days; day += 1) {
    const periodMs = firstMs + day * dayMs;
    const here = day < 30 ? people : people.slice(1);
    const tariffs = here.map((participant) => ({
      ...{ participant, supplier: "retail1", exportMicroPerKwh: microPerKwh(50_000) },
      importMicroPerKwh: microPerKwh(100_000 + (day % 5) * 1000),
    }));
    meter(periodMs + hourMs, periodMs, here.map(reading));
    tell(periodMs + 2 * hourMs, { type: "settled", prices: { periodMs, tariffs } as never });
    if (chance.uniform() < 0.3) meter(periodMs + 5 * hourMs, periodMs, [reading("bob")]);
    tell(periodMs + dayMs, ...here.map((participant) => bill(participant, periodMs)), { type: "billed", periodMs });
    tell(periodMs + dayMs + 1, {
      type: "head",
      head: { day: `d${day}`, head: `head ${day}`, signature: "s" } as never,
    });
    if (chance.uniform() < 0.5) {
      meter(periodMs + 1.5 * dayMs, periodMs, [reading("cat")]);
      tell(periodMs + 1.5 * dayMs, bill("cat", periodMs), bill("bob", periodMs));
    }
    if (day % 20 === 7) {
      const payment = { paymentId: `bank-${day}`, participant: "bob", kind: "deposit", reference: null } as const;
      const draft = entryOf({ ...payment, amountMicro: micro(5_000_000 + day) });
      tell(periodMs + dayMs, { type: "entry", entry: { entry: 1, periodMs: 0, ...draft } });
    }
  }
  return made.sort((one, other) => one.atMs - other.atMs).map((entry, index) => ({ ...entry, n: index + 1 }));
}

const entries = journal();
const months = ["2016-07", "2016-08", "2016-09", "2016-10"];

/** A book of the journal's beginning, and from where it was read. */
function bookOf(mostHeld?: number) {
  const begun: number[] = [];
  const ended: number[] = [];
  const room = { until: entries.length };
  const book = createStatementBook({
    ...{ terms, file: "none", isThere: () => true, statementSecret: "s" },
    ...(mostHeld === undefined ? {} : { mostHeld }),
    *read(_file, after) {
      begun.push(after);
      const half = Math.floor((after + room.until) / 2);
      yield entries.slice(after, half);
      yield entries.slice(half, room.until);
      ended.push(after);
    },
  });
  return { book, begun, ended, room };
}
const json = (own: OwnBills | undefined, statements: Parameters<typeof statementJson>[1]): string | undefined =>
  own && statementJson(own, statements, terms);

describe("the book of statements", () => {
  it.each([
    ["holding what may be corrected", undefined],
    ["holding nothing of it", 0],
  ])("that is read on, %s, says of every month what one that is read from the beginning does", async (_how, most) => {
    const { book, room } = bookOf(most);
    let withBills = 0;
    for (const part of [0.02, 0.3, 0.31, 0.6, 0.9, 1]) {
      room.until = Math.floor(entries.length * part);
      const fresh = bookOf();
      fresh.room.until = room.until;
      for (const month of months) {
        const expected = await fresh.book.all(month);
        expect(await book.all(month)).toEqual(expected);
        withBills += expected.rows.length;
      }
    }
    expect(withBills).toBeGreaterThan(20);
  });

  it("tells the months of one without what proves them as with it, late bills and payments included", async () => {
    const { book } = bookOf();
    for (const participant of people) {
      expect(await book.months(participant)).toEqual((await book.one(participant))?.statements);
    }
    expect((await book.months("bob")).flatMap(({ payments }) => payments).length).toBeGreaterThan(2);
  });

  it("reads nothing again as long as nothing is new, and what may be corrected alone where it holds nothing", async () => {
    const [holding, forgetful] = [bookOf(), bookOf(0)];
    for (const { book, begun } of [holding, forgetful]) {
      await book.all("2016-08");
      begun.length = 0;
      await book.all("2016-08");
    }
    expect(holding.begun).toEqual([entries.length]);
    expect(forgetful.begun[0]).toBeGreaterThan(entries.length / 2);
  });

  it("is read while nobody asks: the first who does is told at once what was there, and one who comes meanwhile waits for the same reading", async () => {
    const expected = await bookOf().book.all("2016-08");
    const early = bookOf();
    const ends = [early.book.keepRead()];
    expect(await early.book.all("2016-08")).toEqual(expected);
    expect(early.begun).toEqual([0, entries.length]);
    const late = bookOf();
    ends.push(late.book.keepRead());
    await vi.waitFor(() => expect(late.ended).toEqual([0]));
    expect(await late.book.all("2016-08")).toEqual(expected);
    expect(late.begun).toEqual([0, entries.length]);
    for (const end of ends) end();
  });

  it("gives a month of one, and what proves it, by the bytes of all its months, without those long before", async () => {
    const { book, begun } = bookOf();
    for (const participant of people) {
      const whole = await book.one(participant);
      for (const month of months) {
        const statements = whole?.statements.filter((statement) => statement.month === month) ?? [];
        const alone = await book.one(participant, month);
        expect(alone?.statements ?? []).toEqual(statements);
        if (alone !== undefined) expect(json(alone.own, statements)).toBe(json(whole?.own, statements));
        expect(alone === undefined).toBe(participant === "ann" && month > "2016-08");
      }
    }
    expect(begun.some((after) => after > entries.length / 3 && after < entries.length)).toBe(true);
    expect((await book.one("ann", "2016-08"))?.own.proofs.length).toBeGreaterThan(50); // her last bill is proved by every head since
  });
});
