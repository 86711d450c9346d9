/** Mutated packets and requests against a running market, while a participant trades: what came of it, in figures. */
import { setTimeout as pause } from "node:timers/promises";
import { stream } from "../../shared/random-stream.js";
import { type Credentials, type RunningMarket, runMarket } from "../brokers/running-market.js";
import { percentile, startTrader } from "../brokers/trader.js";
import { fuzzMqtt } from "./mqtt-fuzz.js";
import { fuzzRest, type RestFuzzOutcome } from "./rest-fuzz.js";

export interface FuzzOptions {
  readonly packets: number;
  readonly requests: number;
  readonly seed: number;
  readonly onProgress?: (packets: number, requests: number) => void;
}

export interface FuzzOutcome extends RestFuzzOutcome {
  readonly isAlive: boolean;
  readonly connections: number;
  readonly seconds: number;
  /** The participant's commands meanwhile, and how long their replies took. */
  readonly replies: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly longestMs: number;
  /** Commands of the participant that went wrong. */
  readonly complaints: readonly string[];
  /**
   * Resident memory: at its highest while the market was in use beforehand, after that use, at its highest in all, and at the end. The highest
   * is held against the first, the end against the second, for in a quiet second V8 gives back what it kept for what is young, 15 MB.
   */
  readonly inUseMb: number;
  readonly beforeMb: number;
  readonly highestMb: number;
  readonly afterMb: number;
}

const fuzzers = 6;
/**
 * A program that has just started still grows to the size of its work, once: a second attack on the same market added 5 MB where the first
 * had added 43. So it is used beforehand: by so many commands of each participant, who all trade, and then by a tenth at most of what it is
 * attacked with. They are in no other figure.
 */
const mostWarmUpCommands = 300;
const mostWarmUp = 2000;

export async function runFuzz({ packets, requests, seed, onProgress }: FuzzOptions): Promise<FuzzOutcome> {
  const market = await runMarket();
  try {
    const credentials = [];
    for (let one = 0; one <= fuzzers; one += 1) credentials.push(await market.register(`P${one}`));
    const [honest, ...participants] = credentials;
    if (honest === undefined) throw new Error("nobody is registered");
    let period = "";
    const learnPeriod = async (): Promise<void> => {
      const answer = await fetch(`${market.restUrl}/market-state`, {
        headers: { authorization: `Bearer ${honest.key}` },
      });
      period = ((await answer.json()) as { bidding?: { period: string }[] }).bidding?.at(-1)?.period ?? period;
    };
    await learnPeriod();
    const learning = setInterval(() => void learnPeriod().catch(() => {}), 5000);
    const trader = await startTrader(market, honest);
    const common = { participants, period: () => period };
    let sent = { packets: 0, requests: 0 };
    const attack = (count: { readonly packets: number; readonly requests: number }, purpose: string) =>
      Promise.all([
        fuzzMqtt({
          ...{ ...common, port: market.mqttPort, packets: count.packets, random: stream(seed, "mqtt", purpose) },
          onSent: (more) => {
            sent = { ...sent, packets: sent.packets + more };
          },
        }),
        fuzzRest({
          ...{ ...common, port: market.restPort, requests: count.requests, random: stream(seed, "rest", purpose) },
          onSent: (more) => {
            sent = { ...sent, requests: sent.requests + more };
          },
        }),
      ]);
    const tenth = (count: number): number => Math.min(mostWarmUp, Math.ceil(count / 10));
    const warmUpCommands = Math.min(mostWarmUpCommands, tenth(packets));
    await Promise.all(participants.map((one) => tradeFor(market, one, warmUpCommands)));
    let highestMb = 0;
    const look = (): void => {
      if (market.isAlive()) highestMb = Math.max(highestMb, market.residentMb());
    };
    const watching = setInterval(() => {
      look();
      onProgress?.(sent.packets, sent.requests);
    }, 1000);
    await attack({ packets: tenth(packets), requests: tenth(requests) }, "warm-up");
    await trader.answered(warmUpCommands);
    look();
    const [inUseMb, beforeMb] = [highestMb, market.residentMb()];
    sent = { packets: 0, requests: 0 };
    const begun = trader.tookMs.length;
    const begunAt = performance.now();
    const [connections, rest] = await attack({ packets, requests }, "attack");
    const seconds = (performance.now() - begunAt) / 1000;
    const tookMs = trader.tookMs.slice(begun);
    await pause(3000); // the last of what was sent is worked, connections are closed
    clearInterval(watching);
    clearInterval(learning);
    const isAlive = market.isAlive();
    const afterMb = isAlive ? market.residentMb() : Number.NaN;
    await trader.stop();
    return {
      ...{ ...rest, isAlive, connections, seconds, replies: tookMs.length, complaints: trader.complaints },
      ...{ p50Ms: percentile(tookMs, 50), p99Ms: percentile(tookMs, 99), longestMs: Math.max(...tookMs) },
      ...{ inUseMb, beforeMb, highestMb: Math.max(highestMb, afterMb), afterMb },
    };
  } finally {
    await market.stop();
  }
}

async function tradeFor(market: RunningMarket, participant: Credentials, commands: number): Promise<void> {
  const trader = await startTrader(market, participant);
  await trader.answered(commands);
  await trader.stop();
}
