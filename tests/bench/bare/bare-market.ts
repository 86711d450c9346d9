/** A market without rules: publishes what the real one did, and goes to the next tick once as many messages have come. */
import { type Connection, openConnection } from "../../../infra/mqtt/connection.js";
import { type Transcript, textOf } from "./transcript.js";

export interface BareMarketOptions {
  readonly url: string;
  readonly password: string;
  readonly filters: readonly string[];
  readonly transcript: Transcript;
  readonly lastTick: number;
  readonly onTick: (seq: number) => void;
}

export interface BareMarket {
  /** Works all ticks; to be called once the bots are connected. */
  run(): Promise<void>;
}

export async function startBareMarket(options: BareMarketOptions): Promise<BareMarket> {
  const { transcript, lastTick, onTick } = options;
  const isShort = Object.values(transcript.bots).some((ticks) => ticks[lastTick] === undefined);
  if (isShort || transcript.market.length <= lastTick) throw new Error(`the transcript ends before tick ${lastTick}`);
  const texts = new Map<number, string>();
  let received = 0;
  let expected = 0;
  let seq = 0;
  let over: () => void = () => {};
  const connection: Connection = await openConnection({
    ...{ url: options.url, clientId: "market", username: "market", password: options.password },
    onMessage: (_topic, payload) => {
      if (payload.length === 0) return;
      received += 1;
      if (received >= expected && seq > 0) setImmediate(next);
    },
  });
  await connection.subscribe(options.filters);
  publish(0);

  function publish(tick: number): void {
    for (const { topic, bytes, retain } of transcript.market[tick] ?? [])
      connection.publish(topic, textOf(texts, bytes), retain);
  }

  function next(): void {
    if (received < expected) return;
    seq += 1;
    if (seq > lastTick) {
      over();
      return;
    }
    for (const ticks of Object.values(transcript.bots)) expected += ticks[seq]?.length ?? 0;
    publish(seq);
    onTick(seq);
  }

  return {
    async run() {
      const finished = new Promise<void>((resolve) => {
        over = resolve;
      });
      next();
      await finished;
      await connection.end();
    },
  };
}
