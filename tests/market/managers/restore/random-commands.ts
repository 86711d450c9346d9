/** Commands of participants, lawful and not, about what they have been answered before. */
import { firstPeriod, timesOf } from "../../../../market/managers/calendar.js";
import type { RandomStream } from "../../../../shared/random-stream.js";
import { hourMs, isoUtc } from "../../../../shared/time.js";
import type { ManagerRole, Setting } from "./manager-life.js";

export interface SentCommand {
  readonly manager: ManagerRole;
  readonly sender: string;
  readonly topic: "items" | "orders" | "meter" | "batch";
  readonly content: object | string;
}

export interface CommandSource {
  draw(nowMs: number): SentCommand;
  /** Learns of what was answered. @returns its code, or `accepted`; undefined where it is no reply */
  hear(topic: string, message: object | null): string | undefined;
  /** One more who sends. */
  welcome(id: string): void;
}

interface Own {
  readonly owner: string;
  readonly id: string;
  version: number;
}

const prices = [-0.01, 0.08, 0.1, 0.1, 0.12, 0.15];

export function commandSource({ terms }: Setting, random: RandomStream): CommandSource {
  const { calendar } = terms;
  const senders = ["ann", "bob", "cat", "dan"];
  const orders: Own[] = [];
  const items: Own[] = [];
  const sent: SentCommand[] = [];
  let requests = 0;

  const pick = <T>(from: readonly T[]): T => {
    const chosen = from[random.integer(0, from.length - 1)];
    if (chosen === undefined) throw new Error("nothing to choose from");
    return chosen;
  };
  const request = () => {
    requests += 1;
    return { v: 1, requestId: `r${requests}` };
  };
  const energyKwh = () => random.integer(1, 150) / 100;
  /** One that takes orders now, or nearly so. */
  const biddingPeriod = (nowMs: number) =>
    isoUtc(
      Math.max(
        firstPeriod(calendar),
        Math.floor(nowMs / hourMs) * hourMs + (random.uniform() < 0.1 ? 1 : random.integer(2, 3)) * hourMs,
      ),
    );
  /** One that has ended, mostly lately. */
  const endedPeriod = (nowMs: number) => {
    const latestMs = Math.min(Math.floor(nowMs / hourMs) * hourMs, firstPeriod(calendar) + 27 * hourMs);
    return isoUtc(latestMs - (random.uniform() < 0.7 ? random.integer(1, 2) : random.integer(0, 40)) * hourMs);
  };

  function order(nowMs: number): SentCommand {
    const owns = random.uniform() < 0.8;
    const sender = pick(senders);
    const to = (topic: "items" | "orders", content: object, by = sender): SentCommand => ({
      ...{ manager: "bidding", sender: by, topic, content: { ...request(), ...content } },
    });
    const placed = {
      period: biddingPeriod(nowMs),
      side: pick(["buy", "sell"]),
      energyKwh: energyKwh(),
      pricePerKwh: pick(prices),
    };
    const kind = random.integer(0, 11);
    if (kind < 4) return to("orders", { action: "place", ...placed });
    if (kind < 6) return to("items", { action: "list", ...placed, sale: pick(["fixed", "best-offer"]) });
    if (kind === 6) return to("orders", { action: "notify", period: placed.period, energyKwh: energyKwh() - 0.5 });
    if (kind === 7) return { ...to("items", {}), topic: "batch", content: "no batch" };
    if (items.length > 0 && kind < 10) {
      const item = pick(items.slice(-6));
      if (kind === 8) return to("items", { action: "withdraw", itemId: item.id }, owns ? item.owner : sender);
      return to("orders", { action: "place", ...placed, itemId: item.id });
    }
    if (orders.length === 0) return to("orders", { action: "cancel", orderId: "o999" });
    const { owner, id: orderId, version } = pick(orders.slice(-6));
    if (kind === 11) return to("orders", { action: "cancel", orderId }, owns ? owner : sender);
    const changed = { expectedVersion: version, energyKwh: energyKwh(), pricePerKwh: pick(prices) };
    return to("orders", { action: "modify", orderId, ...changed }, owns ? owner : sender);
  }

  function reading(nowMs: number): SentCommand {
    const byMeter = random.uniform() < 0.25;
    const content = {
      ...{ ...request(), period: endedPeriod(nowMs), importKwh: energyKwh(), exportKwh: energyKwh() },
      generationKwh: energyKwh(),
      ...(random.uniform() < 0.2 ? { quality: "provisional" } : {}),
      ...(byMeter ? { for: pick(senders) } : {}),
    };
    return { manager: "exchange", sender: byMeter ? "ann-meter" : pick(senders), topic: "meter", content };
  }

  return {
    draw(nowMs) {
      const chance = random.uniform();
      if (chance < 0.08 && sent.length > 0) return pick(sent.slice(-40));
      if (chance < 0.1 && sent.length > 0) {
        const earlier = pick(sent);
        return {
          ...earlier,
          content: typeof earlier.content === "string" ? "{" : { ...earlier.content, energyKwh: 9 },
        };
      }
      if (chance < 0.12) return { ...order(nowMs), sender: "stranger" };
      const isBidding = nowMs < timesOf(firstPeriod(calendar) + 27 * hourMs, calendar).gateAtMs;
      const command = isBidding && random.uniform() < 0.6 ? order(nowMs) : reading(nowMs);
      sent.push(command);
      return command;
    },
    hear(topic, message) {
      const owner = /\/private\/([^/]+)\/replies$/.exec(topic)?.[1];
      if (owner === undefined || message === null) return undefined;
      const reply = message as { code?: string; orderId?: string; itemId?: string; version?: number };
      const list = reply.orderId === undefined ? items : orders;
      const id = reply.orderId ?? reply.itemId;
      const known = list.find((one) => one.id === id);
      if (known !== undefined) known.version = reply.version ?? known.version;
      else if (id !== undefined) list.push({ owner, id, version: reply.version ?? 1 });
      return reply.code ?? "accepted";
    },
    welcome: (id) => void senders.push(id),
  };
}
