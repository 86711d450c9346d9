/** A participant that behaves well: places an order and cancels it, over MQTT, again and again, and notes how long each reply took. */
import { setTimeout as pause } from "node:timers/promises";
import { plainClient, topic } from "../end-to-end/plain-client.js";
import type { Credentials, RunningMarket } from "./running-market.js";

export interface Trader {
  /** Milliseconds until each reply so far, in the order of asking. */
  readonly tookMs: readonly number[];
  /** Commands that were not accepted, or not answered within 5 s, with what came instead. */
  readonly complaints: readonly string[];
  /** Resolves once so many more commands were answered. */
  answered(more: number): Promise<void>;
  stop(): Promise<void>;
}

/** @param everyMs from one command to the next */
export async function startTrader(market: RunningMarket, { id, key }: Credentials, everyMs = 25): Promise<Trader> {
  const client = await plainClient(`mqtt://127.0.0.1:${market.mqttPort}`, id, key);
  await client.reads(topic.everythingPublic);
  await client.reads(topic.everythingOf(id));
  await client.hear(topic.private(id, "tariff"), undefined, 20_000);
  const tookMs: number[] = [];
  const complaints: string[] = [];
  let isRunning = true;
  let count = 0;

  async function ask(command: Record<string, unknown>): Promise<Record<string, unknown>> {
    count += 1;
    const begunAt = performance.now();
    const reply = await client.ask("orders", { v: 1, requestId: `t${count}`, ...command });
    tookMs.push(performance.now() - begunAt);
    client.heard.length = 0;
    if (reply.status !== "accepted") complaints.push(`${String(command.action)}: ${String(reply.code)}`);
    return reply;
  }

  async function trade(): Promise<void> {
    while (isRunning) {
      const answer = await fetch(`${market.restUrl}/market-state`, { headers: { authorization: `Bearer ${key}` } });
      const { bidding = [] } = (await answer.json()) as { bidding?: { period: string }[] };
      const period = bidding.at(-1)?.period; // the one that closes last
      for (let turn = 0; turn < 20 && isRunning; turn += 1) {
        try {
          const { orderId } = await ask({ action: "place", period, side: "buy", energyKwh: 0.1, pricePerKwh: 0.1 });
          await pause(everyMs);
          if (orderId !== undefined) await ask({ action: "cancel", orderId });
        } catch (error) {
          complaints.push(String(error));
        }
        await pause(everyMs);
      }
    }
  }

  const trading = trade();
  return {
    ...{ tookMs, complaints },
    async answered(more) {
      const wanted = tookMs.length + more;
      while (tookMs.length < wanted && complaints.length === 0) await pause(5);
    },
    async stop() {
      isRunning = false;
      await trading;
      await client.mqtt.endAsync(true);
    },
  };
}

/** The value that so many of a hundred do not exceed. */
export function percentile(values: readonly number[], of100: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.ceil((sorted.length * of100) / 100) - 1)] ?? Number.NaN;
}
