/** What the market's actors remember does not grow with the periods that are behind it. */
import { expect, it } from "vitest";
import { beginningOrder, createMarketHosts } from "../../infra/actors/market-hosts.js";
import type { HostedActor, HostedRole } from "../../infra/journal/hosted-actor.js";
import type { ActorEvent } from "../../infra/journal/journal.js";
import { noJournal } from "../../infra/journal/no-journal.js";
import { stateText } from "../../infra/journal/state-text.js";
import { eventOf } from "../../market/managers/handover.js";
import type { CalendarTerms } from "../../market/terms.js";
import { dayMs, hourMs, isoUtc } from "../../shared/time.js";
import { actorsGivenBy } from "./market-life.js";
import { settingOf } from "./setting.js";

const homes = ["ann", "bob", "cat"];

it("the state of every actor is as large after 24 days as after 16, with every period metered, billed and past correction", () => {
  const setting = settingOf(1);
  const calendar: CalendarTerms = {
    ...{ startMs: setting.terms.calendar.startMs, periodMinutes: 60, rounds: 1, openMinutes: 240, gateMinutes: 60 },
    ...{ meterDueMinutes: 60, billDays: 1, correctionDays: 3, periods: undefined },
  };
  const market = drive({ ...setting, terms: { ...setting.terms, calendar } });
  market.goTo(16 * dayMs);
  const before = market.sizes();
  market.goTo(24 * dayMs);
  const after = market.sizes();
  for (const role of beginningOrder) {
    expect(before[role], role).toBeGreaterThan(50);
    // Numbers have grown by a digit here and there.
    expect(after[role], role).toBeLessThan((before[role] ?? 0) * 1.01 + 200);
  }
}, 300_000);

/** The hosts alone, an hour at a time: hand-overs go from one to the other at once. */
function drive(setting: ReturnType<typeof settingOf>) {
  const { terms } = setting;
  const { startMs } = terms.calendar;
  const actors = new Map<HostedRole, HostedActor>();
  const queue: (() => void)[] = [];
  let nowMs = startMs;
  let requests = 0;
  const hosts = createMarketHosts({
    ...actorsGivenBy(setting),
    ...{ journalOf: () => noJournal(), now: () => nowMs, acknowledge: () => {}, refuse: () => {} },
    onDown: (_cause, error) => {
      throw error;
    },
    release(role, output) {
      if (output.kind !== "hand") return;
      const { handover, handedOver } = output;
      const event = { type: eventOf[handover.kind], message: handedOver.message } as never;
      for (const receiver of handedOver.receivers) {
        queue.push(() => hosts.of[receiver as HostedRole].takeHandover(role, event));
      }
    },
    interference: {
      actor: (role, make) => (ports, saved, onError) => {
        const actor = make(ports, saved, onError);
        actors.set(role, actor);
        return actor;
      },
    },
  });
  const settle = (): void => {
    do {
      for (const work of queue.splice(0)) work();
      for (const role of beginningOrder) hosts.of[role].commit();
    } while (queue.length > 0);
  };
  const command = (sender: string, topic: string, fields: object): void => {
    requests += 1;
    const payload = JSON.stringify({ v: 1, requestId: `r${requests}`, ...fields });
    const packet = { sender, topic, payload, bytes: payload.length, stampedAtMs: nowMs };
    hosts.of[topic === "meter" ? "exchange" : "bidding"].take({ type: "COMMAND", packet } as ActorEvent);
  };
  const hour = (number: number): void => {
    nowMs = startMs + number * hourMs;
    for (const role of beginningOrder) hosts.of[role].advance();
    settle();
    for (const role of beginningOrder)
      hosts.of[role].take({ type: "TICK", tsMs: nowMs, seq: number + 1 } as ActorEvent);
    settle();
    nowMs += 60_000;
    const period = isoUtc(startMs + (number + 3) * hourMs);
    for (const [place, id] of homes.entries()) {
      const side = (place + number) % 2 === 0 ? "buy" : "sell";
      command(id, "orders", { action: "place", period, side, energyKwh: 0.5, pricePerKwh: 0.1 });
      const energy = { importKwh: 0.3, exportKwh: 0, generationKwh: 0 };
      if (number > 12) command(id, "meter", { period: isoUtc(startMs + (number - 1) * hourMs), ...energy });
    }
    settle();
  };
  for (const role of beginningOrder) hosts.of[role].restart();
  settle();
  let next = 0;
  return {
    goTo(untilMs: number): void {
      for (; next * hourMs < untilMs; next += 1) hour(next);
    },
    sizes: () => Object.fromEntries([...actors].map(([role, actor]) => [role, stateText(actor.save()).length])),
  };
}
