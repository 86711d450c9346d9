/** A settlement manager alone, with what it hears and says, for tests. */
import { createActor } from "xstate";
import { settlementManager } from "../../../../market/managers/settlement/settlement-manager.js";
import type { Mechanism } from "../../../../market/rules/mechanisms/mechanism.js";
import { uniform } from "../../../../market/rules/mechanisms/uniform.js";
import type { MarketTerms } from "../../../../market/terms.js";
import type { ManageMetered, WireTrade } from "../../../../shared/messages/manage.js";
import { type Bill, bill as billSchema } from "../../../../shared/messages/private.js";
import { dayMs, hourMs, isoUtc, minuteMs } from "../../../../shared/time.js";
import { membersMessage, recordingPorts, sha256 } from "../recording-ports.js";
import { first, firstMs, startMs, terms } from "../sample-terms.js";

export const endMs = firstMs + 30 * minuteMs;
export const billMs = endMs + dayMs;
const head = { v: 1 as const, ts: isoUtc(startMs), n: 1 };
export const people = ["ann", "bob", "cat"];

type Metered = ManageMetered["readings"][number];
export const reading = (
  participant: string,
  importKwh: number,
  exportKwh = 0,
  quality: Metered["quality"] = "actual",
) => {
  return { participant, importKwh, exportKwh, generationKwh: 0, quality };
};
export const trade = (energyKwh: number): WireTrade => ({
  ...{
    buyer: "bob",
    seller: "ann",
    energyKwh,
    pricePerKwh: 0.1,
    mechanism: "uniform",
    buyOrder: "o1",
    sellOrder: "o2",
  },
});

/** A settlement manager that knows its members and their tariffs, on a clock of its own. */
export function settlementRoom(roomTerms: MarketTerms = terms, mechanism: Mechanism = uniform, knowsTariffs = true) {
  const ports = recordingPorts(startMs);
  const manager = settlementManager(roomTerms, {
    ...{ ...ports, mechanism, digest: sha256, statementSecret: "secret" },
    sign: (text) => `signed ${text}`,
  });
  const actor = createActor(manager.logic, { id: "settlement", input: { calendar: roomTerms.calendar } });
  let failure: unknown;
  actor.subscribe({
    error: (error) => {
      failure = error;
    },
  });
  actor.start();
  actor.send({ type: "MEMBERS", message: membersMessage(roomTerms.members) });
  const tariffs = people.map((participant) => ({
    ...{ participant, supplier: "retail1", importPerKwh: [0.1457], exportPerKwh: [0.0503] },
  }));
  const prices = { from: isoUtc(startMs), stepMinutes: 30, systemBuyPerKwh: [0.1557], systemSellPerKwh: [0.0403] };
  const tellTariffs = () => actor.send({ type: "TARIFFS", message: { ...head, ...prices, tariffs } });
  if (knowsTariffs) tellTariffs();
  return {
    ...ports,
    tellTariffs,
    /** A tariff of one price per half hour, told from `fromMs` on; `guest`: to one more. */
    tariffsFrom: (fromMs: number, guest?: string) =>
      actor.send({
        type: "TARIFFS",
        message: {
          ...{ ...head, ...prices, from: isoUtc(fromMs) },
          tariffs: [...people, ...(guest === undefined ? [] : [guest])].map((participant) => ({
            ...{ participant, supplier: "retail1" },
            importPerKwh: [0.1457, 0.15],
            exportPerKwh: [0.05, 0.06],
          })),
        },
      }),
    contract: (period: string, trades: WireTrade[]) =>
      actor.send({ type: "CONTRACTS", message: { ...head, period, checked: false, trades, limits: [] } }),
    meter(period: string, readings: Metered[], correction = false) {
      actor.send({ type: "METERED", message: { ...head, period, correction, readings } });
      if (failure !== undefined) throw failure;
    },
    tickAt(atMs: number) {
      ports.clock.advanceTo(atMs);
      actor.send({ type: "TICK", tsMs: atMs });
      if (failure !== undefined) throw failure;
    },
    bills: (id: string, period = "20160801-0200"): Bill[] =>
      ports.outbox.on(`private/${id}/bills/${period}`).map((message) => billSchema.parse(message)),
    /** Sum over all accounts, from the recorded entries. */
    balances() {
      const balances = new Map<string, number>();
      for (const fact of ports.facts) {
        if (fact.type !== "entry") continue;
        const { debit, credit, amountMicro } = fact.entry;
        balances.set(debit, (balances.get(debit) ?? 0) - amountMicro);
        balances.set(credit, (balances.get(credit) ?? 0) + amountMicro);
      }
      return balances;
    },
    actor,
  };
}

/** A room whose first period is traded (0.5 kWh from ann to bob) and metered at its due instant. */
export function meteredRoom(readings = [reading("ann", 0, 0.5), reading("bob", 0.6), reading("cat", 0.2)]) {
  const room = settlementRoom();
  room.contract(first, [trade(0.5)]);
  room.tickAt(endMs + hourMs);
  room.meter(first, readings);
  return room;
}
