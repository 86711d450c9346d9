/** Who takes part in a simulated run: its clients, and the operator's view of them. */
import { firstPeriod } from "../../market/managers/calendar.js";
import { minuteMs } from "../../shared/time.js";
import type { Auditor } from "./auditor/auditor.js";
import { modelCalendar } from "./auditor/model-calendar.js";
import type { createBroker } from "./broker.js";
import { type ClientView, type KnownCalendar, type SimulatedClient, startClient } from "./client.js";
import { chanceOf } from "./faults.js";
import type { OperatorView } from "./operator-acts.js";
import { gatewayId, type Setting } from "./setting.js";
import type { Wall } from "./wall.js";

/** Members, guests, and last a stranger. */
export function startClients(
  setting: Setting,
  wall: Wall,
  broker: ReturnType<typeof createBroker>,
  marketMs: () => number,
  auditor: Auditor,
): SimulatedClient[] {
  const { terms, guests } = setting;
  const { periodMinutes, openMinutes, gateMinutes, periods = 1 } = terms.calendar;
  const calendar: KnownCalendar = {
    ...{ firstPeriodMs: firstPeriod(terms.calendar), periods, mechanism: terms.bidding.mechanism },
    ...{ periodMs: periodMinutes * minuteMs, openMs: openMinutes * minuteMs, gateMs: gateMinutes * minuteMs },
  };
  const views = [...terms.members.map(({ id }) => id), ...guests, "stranger"].map((id): ClientView => {
    const meterOf = id.endsWith("-meter") ? id.slice(0, -"-meter".length) : undefined;
    const nothingYet = { own: [], listed: new Map(), sent: [], requests: 0 };
    return { id, calendar, marketMs, meterOf, isGuest: guests.includes(id), prefix: "r", ...nothingYet };
  });
  return views.map((view) => {
    const chance = chanceOf(setting.seed, `client ${view.id}`);
    const clean = chance.uniform() < 0.3;
    const homes = view.id === gatewayId ? homesOf(setting, view, views) : undefined;
    const own = { view, wall, broker, chance, clean, onSent: auditor.sent, onReply: auditor.replied };
    return startClient(homes === undefined ? own : { ...own, homes });
  });
}

/** As the gateway knows them: what they have sent themselves may come in a batch again, and the other way round. */
function homesOf({ terms }: Setting, { listed }: ClientView, views: readonly ClientView[]): ClientView[] {
  const isUnder = new Set(terms.members.filter(({ gateway }) => gateway === gatewayId).map(({ id }) => id));
  return views
    .filter(({ id }) => isUnder.has(id))
    .map((home) => ({ ...home, own: [], listed, prefix: "g", requests: 0 }));
}

export function operatorViewOf({ terms, supplier }: Setting, marketMs: () => number): OperatorView {
  const homes = terms.members.filter(({ role }) => role === "prosumer");
  const limited = homes.filter(({ creditLimitMicro }) => creditLimitMicro !== undefined);
  return {
    ...{ homes: homes.map(({ id }) => id), limited: limited.map(({ id }) => id), paid: [] },
    ...{ supplier: supplier.name, calendar: modelCalendar(terms.calendar), marketMs },
  };
}
