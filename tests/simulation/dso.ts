/** A network operator's program, written from docs/contract.md alone: it hears what was contracted and cuts some of it, now and then too late. */
import type { RandomStream } from "../../shared/random-stream.js";
import type { Broker } from "./broker.js";
import { iso } from "./commands.js";
import { oneOf } from "./setting.js";
import type { Wall } from "./wall.js";

export interface DsoOptions {
  readonly wall: Wall;
  readonly broker: Broker;
  readonly chance: RandomStream;
  readonly marketMs: () => number;
}

interface Contracts {
  readonly period: string;
  readonly checked: boolean;
  readonly trades: readonly { readonly buyOrder: string; readonly sellOrder: string; readonly energyKwh: number }[];
}

const resendMs = 5000;

export function startDso({ wall, broker, chance, marketMs }: DsoOptions): void {
  const waiting = new Map<number, { readonly topic: string; readonly payload: string }>();
  const spoken = new Set<string>();
  let sent = 0;
  const filters = ["elecbay/main/manage/contracts/+", "elecbay/main/manage/ack/bidding"];
  const client = broker.connect({
    ...{ clientId: "dso", clean: true },
    onConnect: () => client.subscribe(filters, () => {}),
    onDisconnect: () => {},
    onMessage(topic, payload) {
      const message = JSON.parse(payload) as Contracts & { readonly from?: string; readonly n: number };
      if (topic.endsWith("/manage/ack/bidding")) {
        if (message.from === "dso") waiting.delete(message.n);
      } else if (!message.checked && !spoken.has(message.period)) {
        spoken.add(message.period);
        speak(topic, message);
      }
    },
  });

  function speak(topic: string, { period, trades }: Contracts): void {
    if (chance.uniform() < 0.4) return;
    const cuts = [];
    for (const { buyOrder, sellOrder, energyKwh } of trades) {
      if (chance.uniform() < 0.6) continue;
      const cutKwh = chance.integer(1, Math.round(1200 * energyKwh)) / 1000;
      cuts.push({ orderId: oneOf([buyOrder, sellOrder], chance), cutKwh, element: "line 1", limit: 1, value: 1.2 });
    }
    sent += 1;
    const head = { v: 1, ts: iso(marketMs()), n: sent, ...(sent > 1 ? { previous: sent - 1 } : {}) };
    const payload = JSON.stringify({ ...head, period, cuts, limits: [] });
    waiting.set(sent, { topic: topic.replace("/contracts/", "/limits/"), payload });
    send(sent);
  }

  function send(n: number): void {
    const said = waiting.get(n);
    if (said === undefined) return;
    client.publish(said.topic, said.payload, false);
    wall.setTimeout(() => send(n), resendMs);
  }
}
