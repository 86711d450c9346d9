import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { memoryJournal } from "../../../infra/journal/memory-journal.js";
import { createLockstepMarket, drawnOrder } from "../../../infra/lockstep/lockstep-market.js";
import { loadScenario } from "../../../infra/scenario/load-scenario.js";
import type { Packet } from "../../../market/door/packet.js";
import type { Fact } from "../../../market/facts.js";
import { firstPeriod, tickLengthMs } from "../../../market/managers/calendar.js";
import { uniform } from "../../../market/rules/mechanisms/uniform.js";
import { isoUtc, minuteMs } from "../../../shared/time.js";
import { checkingOutbox } from "../../market/managers/checking-outbox.js";
import { packetOf } from "../../market/managers/recording-ports.js";

const scenario = loadScenario("scenarios/thesis-microgrid.yaml", { overrides: { periods: 3 } });
const { terms } = scenario;
const tickMs = tickLengthMs(terms.calendar);
const startMs = terms.calendar.startMs;
const periods = [-1, 0, 1, 2, 3].map((i) => isoUtc(firstPeriod(terms.calendar) + i * 30 * minuteMs));

/** A market without broker and bots: packets are handed over tick by tick. */
function market() {
  const facts: Fact[] = [];
  const failures: unknown[] = [];
  const outbox = checkingOutbox();
  const made = createLockstepMarket({
    ...{ terms, supplier: scenario.supplier, environment: scenario.environment, outbox, version: "0.1.0" },
    journal: { record: (fact) => facts.push(fact) },
    journalOf: () => memoryJournal(),
    log: { info: () => {}, warn: () => {} },
    digest: (text) => createHash("sha256").update(text).digest("hex"),
    sign: () => "signed",
    statementKey: "a key",
    mechanism: uniform,
    onFailure: (error) => failures.push(error),
  });
  made.begin();
  return { made, facts, failures, outbox };
}

const people = ["peer1", "peer2", "peer3", "zoe", "yan"];
const anySide = fc.constantFrom("buy", "sell");
const anyKwh = fc.integer({ min: 0, max: 9000 }).map((wh) => wh / 1000);
const anyPrice = fc.integer({ min: -100_000, max: 300_000 }).map((micro) => micro / 1_000_000);
const anyPeriod = fc.constantFrom(...periods);
const anyObject = (letter: string) => fc.integer({ min: 1, max: 12 }).map((n) => `${letter}${n}`);
const common = { energyKwh: anyKwh, pricePerKwh: anyPrice };
const anyContent = fc.oneof(
  fc.record({ topic: fc.constant("items"), action: fc.constant("list"), side: anySide, period: anyPeriod, ...common }),
  fc.record({ topic: fc.constant("items"), action: fc.constant("withdraw"), itemId: anyObject("i") }),
  fc.record(
    {
      topic: fc.constant("orders"),
      action: fc.constant("place"),
      side: anySide,
      period: anyPeriod,
      ...common,
      itemId: anyObject("i"),
    },
    { requiredKeys: ["topic", "action", "side", "period", "energyKwh", "pricePerKwh"] },
  ),
  fc.record({
    ...{ topic: fc.constant("orders"), action: fc.constant("modify"), orderId: anyObject("o"), ...common },
    expectedVersion: fc.integer({ min: 1, max: 2 }),
  }),
  fc.record({ topic: fc.constant("orders"), action: fc.constant("cancel"), orderId: anyObject("o") }),
  fc.record({
    ...{ topic: fc.constant("meter"), period: anyPeriod, importKwh: anyKwh, exportKwh: anyKwh, generationKwh: anyKwh },
    quality: fc.constantFrom("actual", "provisional", "estimated"),
  }),
);
const anyCommand = fc.record({
  tick: fc.integer({ min: 0, max: 30 }),
  sender: fc.constantFrom(...people),
  requestId: fc.constantFrom("a", "b", "c", "d", "e", "f", "g", "h", "j", "k"),
  content: anyContent,
});
const anyJoins = fc.array(fc.record({ tick: fc.integer({ min: 0, max: 30 }), id: fc.constantFrom("zoe", "yan") }), {
  maxLength: 3,
});

describe("the market in lockstep", () => {
  it("goes on whatever members, guests and strangers send: one reply each, money and energy balanced, all retained topics cleared", () => {
    fc.assert(
      fc.property(fc.array(anyCommand, { minLength: 20, maxLength: 80 }), anyJoins, (commands, joins) => {
        const { made, facts, failures, outbox } = market();
        let seq = 0;
        let sentBefore = new Map<string, Packet[]>();
        const tick = (tsMs: number): void => {
          seq += 1;
          made.work(seq, tsMs, sentBefore);
          sentBefore = new Map();
        };
        for (let n = 0; n < 32; n += 1) {
          const tsMs = startMs + n * tickMs;
          tick(tsMs);
          for (const { id } of joins.filter((join) => join.tick === n)) made.join(id);
          for (const { sender, requestId, content } of commands.filter((command) => command.tick === n)) {
            const { topic, ...fields } = content;
            const packet = packetOf(sender, topic, { v: 1, requestId, ...fields }, tsMs);
            sentBefore.set(sender, [...(sentBefore.get(sender) ?? []), packet]);
          }
        }
        for (const days of [1, 2, 10, 20, 100]) tick(startMs + days * 24 * 60 * minuteMs);
        expect(failures).toEqual([]);
        const replies = outbox.published.filter(({ topic }) => topic.endsWith("/replies"));
        expect(replies).toHaveLength(commands.length);
        let sum = 0;
        const bought = new Map<number, number>();
        for (const fact of facts) {
          if (fact.type === "bill") sum += fact.bill.totalMicro;
          if (fact.type === "entry") {
            for (const account of [fact.entry.debit, fact.entry.credit]) {
              const sign = account === fact.entry.credit ? 1 : -1;
              if (account.startsWith("participant:")) sum -= sign * fact.entry.amountMicro;
            }
          }
          if (fact.type === "contract") bought.set(fact.periodMs, (bought.get(fact.periodMs) ?? 0) + fact.energyWh);
        }
        // What was billed is what was booked on the participants' accounts.
        expect(sum).toBe(0);
        expect([...bought.values()].every((energyWh) => energyWh === 0)).toBe(true);
        expect(facts.filter(({ type }) => type === "billed")).toHaveLength(3);
        expect([...outbox.retained.keys()].filter((topic) => /\d{8}-\d{4}$/.test(topic))).toEqual([]);
        made.stop();
      }),
      { numRuns: 25 },
    );
  }, 30_000);

  it("draws an order of senders that no stranger disturbs and no name is favoured in", () => {
    const senders = ["ann", "bob", "cat", "dan"];
    const firsts = new Map<string, number>();
    for (let seq = 1; seq <= 400; seq += 1) {
      const order = drawnOrder(senders, 1, seq);
      expect([...order].sort()).toEqual(senders);
      expect(drawnOrder(["zoe", ...senders].reverse(), 1, seq).filter((id) => id !== "zoe")).toEqual(order);
      firsts.set(order[0] ?? "", (firsts.get(order[0] ?? "") ?? 0) + 1);
    }
    for (const id of senders) expect(firsts.get(id)).toBeGreaterThan(60);
  });
});
