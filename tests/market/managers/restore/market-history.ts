/**
 * What four managers of one market hear in a random life of 100 days: commands of all kinds, lawful and not, each other's hand-overs,
 * sometimes late, a DSO, guests, an operator, repeated packets, late readings. Drawn from a seed; the same seed, the same history.
 */

import { firstPeriod, lastPeriod, tickLengthMs, timesOf } from "../../../../market/managers/calendar.js";
import { eventOf, type Handover, type HandoverKind, receiversOf } from "../../../../market/managers/handover.js";
import { type RandomStream, stream } from "../../../../shared/random-stream.js";
import { dayMs, hourMs, isoUtc } from "../../../../shared/time.js";
import { packetOf } from "../recording-ports.js";
import {
  type ManagerEvent,
  type ManagerInput,
  type ManagerRole,
  managerLife,
  managerRoles,
  type Said,
  type Setting,
} from "./manager-life.js";
import { type CommandSource, commandSource } from "./random-commands.js";

export interface MarketHistory {
  readonly inputs: Readonly<Record<ManagerRole, readonly ManagerInput[]>>;
  /** Names of all that came up: codes of replies, kinds of facts, topics. */
  readonly seen: ReadonlySet<string>;
}

interface Later {
  readonly atMs: number;
  readonly receiver: ManagerRole;
  readonly event: ManagerEvent;
}

export function marketHistory(setting: Setting, seed: number): MarketHistory {
  const { calendar } = setting.terms;
  const random = stream(seed, "history", setting.mechanism.name);
  const market = openMarket(setting, random);
  const { deliver, passTo, tell } = market;
  const tickMs = tickLengthMs(calendar);
  const lastMs = lastPeriod(calendar) + 3 * hourMs;
  const guests = ["zoe", "yan", "xia"];
  const isTrue = (chance: number): boolean => random.uniform() < chance;
  market.tellTariffs();
  for (let tickAtMs = calendar.startMs; tickAtMs < lastMs; tickAtMs += tickMs) {
    for (let command = random.integer(0, 5); command > 0; command -= 1) {
      passTo(Math.min(tickAtMs + tickMs - 1, market.nowMs() + (isTrue(0.5) ? 0 : random.integer(0, tickMs / 6))));
      market.command();
    }
    if (isTrue(0.1)) for (const role of managerRoles) deliver(role, null);
    if (isTrue(0.03)) market.join(guests[random.integer(0, guests.length - 1)] ?? "");
    if (isTrue(0.05)) market.control("close");
    else if (isTrue(0.5)) market.control("open");
    if (isTrue(0.04)) tell("supervisor", statusOf("exchange", "offline", market.nowMs()));
    if (isTrue(0.02)) for (const role of managerRoles) tell(role, { type: "NOBODY-KNOWS-THIS" });
    if (isTrue(0.05)) market.tellTariffs();
    passTo(tickAtMs + tickMs);
    market.tick();
  }
  while (market.nowMs() < lastMs + 98 * dayMs) {
    passTo(market.nowMs() + random.integer(hourMs, 4 * dayMs));
    for (let command = random.integer(0, 3); command > 0; command -= 1) market.command();
    market.tick();
  }
  tell("supervisor", { type: "STOP" });
  return market.history();
}

function openMarket(setting: Setting, random: RandomStream) {
  const { calendar, members } = setting.terms;
  const lives = new Map(managerRoles.map((role) => [role, managerLife(role, setting)]));
  const inputs: Record<ManagerRole, ManagerInput[]> = { bidding: [], exchange: [], settlement: [], supervisor: [] };
  const seen = new Set<string>();
  const known = new Set(members.filter(({ role }) => role === "prosumer").map(({ id }) => id));
  const commands: CommandSource = commandSource(setting, random);
  let nowMs = calendar.startMs;
  let handed = 0;
  const queue: { readonly receiver: ManagerRole; readonly event: ManagerEvent }[] = [];
  let later: Later[] = [];

  function deliver(role: ManagerRole, event: ManagerEvent | null): void {
    const input = { atMs: nowMs, event };
    inputs[role].push(input);
    for (const said of lives.get(role)?.take(input) ?? []) hear(role, said);
  }

  function hear(role: ManagerRole, said: Said): void {
    if (said.kind === "publish") {
      seen.add(said.topic.replaceAll(/\/\d{8}-\d{4}$/g, "").replace(/private\/[^/]+/, "private"));
      const code = commands.hear(said.topic, said.message);
      if (code !== undefined) seen.add(code);
    } else if (said.kind === "fact") seen.add(`fact ${(said.value as { type: string }).type}`);
    else if (said.kind === "log") seen.add((said.value as [string])[0].replaceAll(/[\d:TZ-]+/g, "#"));
    else if (said.kind === "report") {
      const message = { v: 1, ts: isoUtc(nowMs), ...said.status };
      if (role !== "supervisor") queue.push({ receiver: "supervisor", event: statusEvent(message) });
    } else handOn(said.handover);
  }

  function handOn(handover: Handover): void {
    seen.add(
      `handed ${handover.kind}${"correction" in handover.body && handover.body.correction ? " as a correction" : ""}`,
    );
    const event = numbered(handover.kind, handover.body);
    for (const receiver of receiversOf[handover.kind] as readonly ManagerRole[]) {
      // Contracts and readings come to settlement from two senders: either may be late, and what the DSO changed may come first.
      const isLate = handover.kind === "contracts" && receiver === "settlement" && random.uniform() < 0.2;
      const atMs = nowMs + random.integer(0, 4 * hourMs);
      if (isLate) later.push({ atMs, receiver, event });
      else queue.push({ receiver, event });
    }
    if (handover.kind === "contracts" && !handover.body.checked && random.uniform() < 0.4) dsoSpeaks(handover);
  }

  function dsoSpeaks({ periodMs, body }: Extract<Handover, { kind: "contracts" }>): void {
    const cuts = body.trades.flatMap(({ buyOrder, energyKwh }) =>
      random.uniform() < 0.5
        ? [{ orderId: buyOrder, cutKwh: Math.floor(energyKwh * 500) / 1000, element: "line 1", limit: 10, value: 12 }]
        : [],
    );
    const limits = [{ participant: "ann", maxImportKw: 3, maxExportKw: 2 }];
    const period = isoUtc(periodMs);
    const atMs = Math.max(nowMs, timesOf(periodMs, calendar).gateAtMs + random.integer(0, 70 * 60_000));
    later.push({ atMs, receiver: "bidding", event: numbered("limits", { period, cuts, limits }) });
  }

  function numbered(kind: HandoverKind, body: object): ManagerEvent {
    handed += 1;
    return { type: eventOf[kind], message: { v: 1, ts: isoUtc(nowMs), n: handed, ...body } } as ManagerEvent;
  }

  function drain(): void {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) deliver(next.receiver, next.event);
  }

  function tell(role: ManagerRole, event: ManagerEvent): void {
    deliver(role, event);
    drain();
  }

  return {
    deliver,
    tell,
    nowMs: () => nowMs,
    passTo(atMs: number): void {
      later.sort((one, other) => one.atMs - other.atMs);
      for (const { atMs: dueMs, receiver, event } of later.filter((one) => one.atMs <= atMs)) {
        nowMs = Math.max(nowMs, dueMs);
        later = later.filter((one) => one.event !== event);
        tell(receiver, event);
      }
      nowMs = atMs;
    },
    command(): void {
      const { manager, sender, topic, content } = commands.draw(nowMs);
      tell(manager, { type: "COMMAND", packet: packetOf(sender, topic, content, nowMs) } as ManagerEvent);
    },
    tick(): void {
      for (const role of managerRoles) tell(role, { type: "TICK", tsMs: nowMs } as ManagerEvent);
    },
    control(action: "close" | "open"): void {
      for (const role of ["supervisor", "bidding", "exchange"] as const) {
        tell(role, { type: "CONTROL", message: { v: 1, action } } as ManagerEvent);
      }
    },
    join(id: string): void {
      known.add(id);
      commands.welcome(id);
      tell("supervisor", { type: "JOIN", id } as ManagerEvent);
      this.tellTariffs();
    },
    tellTariffs(): void {
      const fromMs = Math.max(firstPeriod(calendar), Math.floor(nowMs / hourMs) * hourMs);
      const steps = Array.from({ length: 48 }, (_, step) => 0.14 + ((step * 7) % 5) / 100);
      const tariffs = [...known].map((participant) => ({
        ...{ participant, supplier: "retail1", importPerKwh: steps, exportPerKwh: [0.05] },
      }));
      const prices = { systemBuyPerKwh: steps.map((price) => price + 0.05), systemSellPerKwh: [0.03] };
      const message = { from: isoUtc(fromMs), stepMinutes: 60, ...prices, carbonIntensity: [211.5], tariffs };
      for (const role of ["settlement", "bidding"] as const) tell(role, numbered("tariffs", message));
    },
    history: (): MarketHistory => ({ inputs, seen }),
  };
}

function statusEvent(message: object): ManagerEvent {
  return { type: "STATUS", message } as ManagerEvent;
}

function statusOf(role: ManagerRole, status: "online" | "offline", nowMs: number): ManagerEvent {
  return statusEvent({ v: 1, ts: isoUtc(nowMs), role, status, periods: [] });
}
