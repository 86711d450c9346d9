/** The bots of a swarm as nodes of an inspection: asked and answering through their threads' ports. */
import { join } from "node:path";
import type { Worker } from "node:worker_threads";
import type { Sent } from "../inspect/actor-tap.js";
import type { DistantNodes } from "../inspect/inspection.js";
import type { FromBots, ToBots } from "./bot-messages.js";

type Show = Extract<ToBots, { readonly type: "show" }>;

export interface InspectedBots extends DistantNodes {
  /** Tells a thread that has just been started what is shown. */
  welcome(worker: Worker): void;
  heard(message: Extract<FromBots, { readonly type: "sent" }>): void;
}

/** A thread that does not answer within it is gone. */
const answeredWithinMs = 2000;

export function inspectedBots(
  bots: readonly { readonly id: string }[],
  distFolder: string,
  workerOf: (id: string) => Worker | undefined,
): InspectedBots {
  const waiting = new Map<number, (sent: Sent) => void>();
  let shown: Show | undefined;
  let requests = 0;
  function ask(worker: Worker | undefined, id: string, message: (request: number) => ToBots): Promise<Sent> {
    requests += 1;
    const request = requests;
    return new Promise((resolve) => {
      const answer = (sent: Sent): void => {
        clearTimeout(late);
        waiting.delete(request);
        resolve(sent);
      };
      const late = setTimeout(() => answer({ accepted: false, reason: `${id} does not answer` }), answeredWithinMs);
      waiting.set(request, answer);
      worker?.postMessage(message(request));
    });
  }

  return {
    names: bots.map(({ id }) => id),
    show(patterns, pace, marketNowMs) {
      shown = { type: "show", patterns, pace, marketNowMs, tapFile: join(distFolder, "bot-tap.cjs") };
      for (const worker of new Set(bots.flatMap(({ id }) => workerOf(id) ?? []))) worker.postMessage(shown);
    },
    welcome(worker) {
      if (shown !== undefined && shown.patterns.length > 0) worker.postMessage(shown);
    },
    send: (id, actor, event) => ask(workerOf(id), id, (request) => ({ type: "send", request, id, actor, event })),
    async flush() {
      const workers = new Map(bots.flatMap(({ id }) => [[workerOf(id), id] as const]));
      await Promise.all([...workers].map(([worker, id]) => ask(worker, id, (request) => ({ type: "flush", request }))));
    },
    heard: ({ request, sent }) => waiting.get(request)?.(sent),
  };
}
