/** Starts bare bots on threads of their own, as many at once and within the same limits as real ones. */
import { subscriptionsOf } from "../../../agents/prosumer/subscriptions.js";
import type { Secrets } from "../../../infra/main/secrets.js";
import type { LoadedScenario } from "../../../infra/scenario/loaded-scenario.js";
import { inTurns, readBundledThread, startBundledThread } from "../../../infra/threads/bundled-thread.js";
import { startingAtOnce } from "../../../infra/threads/swarm.js";
import { topicsOf } from "../../../shared/topics.js";
import type { BareBotData } from "./bare-bot-thread.js";
import type { Transcript } from "./transcript.js";

export interface BareSwarm {
  stop(): Promise<void>;
}

export async function startBareSwarm(options: {
  readonly url: string;
  readonly scenario: LoadedScenario;
  readonly secrets: Secrets;
  readonly distFolder: string;
  readonly transcript: Transcript | undefined;
}): Promise<BareSwarm> {
  const { url, scenario, secrets, transcript } = options;
  const topics = topicsOf(scenario.terms.market);
  const code = readBundledThread(options.distFolder, "bare-bot-thread.cjs");
  const exits: (() => Promise<void>)[] = [];
  await inTurns(scenario.bots, startingAtOnce, (specification) => {
    const { id } = specification;
    const data: BareBotData = {
      ...{ url, id, password: secrets.passwordOf(id), filters: subscriptionsOf(specification) },
      will: { topic: topics.in(id, "status"), payload: JSON.stringify({ v: 1, status: "offline" }) },
      clockTopic: topics.public("clock"),
      ticks: transcript?.bots[id] ?? [],
    };
    const worker = startBundledThread(code, data, id, 1);
    exits.push(() => {
      worker.postMessage("stop");
      return new Promise((resolve) => worker.once("exit", () => resolve()));
    });
    return new Promise((resolve, reject) => {
      worker.once("message", () => resolve());
      worker.once("error", reject);
    });
  });
  return {
    async stop() {
      await Promise.all(exits.map((exit) => exit()));
    },
  };
}
