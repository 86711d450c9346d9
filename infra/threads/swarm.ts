/** Starts bots on worker threads, a few at a time, and stops them. */
import type { Worker } from "node:worker_threads";
import type { ChargeReport } from "../../agents/prosumer/mind.js";
import type { BotSpecification } from "../../agents/prosumer/specification.js";
import type { Log } from "../../market/ports.js";
import type { Inspection } from "../inspect/inspection.js";
import type { BotThreadData, FromBots, ToBots } from "./bot-messages.js";
import { inTurns, readBundledThread, startBundledThread } from "./bundled-thread.js";
import { inspectedBots } from "./inspected-bots.js";

/** So many threads start at once; more only wait for each other. */
export const startingAtOnce = 8;

export interface SwarmOptions {
  readonly url: string;
  readonly bots: readonly BotSpecification[];
  readonly passwordOf: (id: string) => string;
  readonly botsPerThread: number;
  /** Folder of the bundled thread. */
  readonly distFolder: string;
  readonly log: Log;
  readonly delay?: BotThreadData["delay"];
  readonly faults?: BotThreadData["faults"];
  readonly tellsState?: boolean;
  readonly onOnline?: (online: number) => void;
  /** Where bots are shown, once somebody asks. */
  readonly inspection?: Pick<Inspection, "addDistant" | "told" | "forget"> | undefined;
}

export interface BatteryReport extends ChargeReport {
  readonly id: string;
}

export interface Swarm {
  /** Stops all bots; resolves with their batteries' states once the threads have ended. */
  stop(): Promise<readonly BatteryReport[]>;
  /** Who shares the bot's thread, itself included. */
  companions(id: string): readonly string[];
  /** Ends a bot's thread at once, as a crash would. */
  kill(id: string): Promise<void>;
  /** Starts a bot's thread again. */
  restart(id: string): Promise<void>;
}

interface BotThread {
  readonly ids: readonly string[];
  readonly worker: Worker;
  readonly exited: Promise<void>;
}

/** @throws Error naming the first bot that cannot connect. */
export async function startSwarm(options: SwarmOptions): Promise<Swarm> {
  const { bots, botsPerThread, log, inspection } = options;
  const code = readBundledThread(options.distFolder, "bot-thread.cjs");
  const threads = new Map<string, BotThread>();
  const reports: BatteryReport[] = [];
  const groups: (readonly BotSpecification[])[] = [];
  for (let first = 0; first < bots.length; first += botsPerThread)
    groups.push(bots.slice(first, first + botsPerThread));
  let online = 0;
  const inspected = inspectedBots(bots, options.distFolder, (id) => threads.get(id)?.worker);
  inspection?.addDistant(inspected);

  function startThread(group: readonly BotSpecification[]): Promise<void> {
    const data: BotThreadData = {
      url: options.url,
      bots: group.map((specification) => ({ specification, password: options.passwordOf(specification.id) })),
      ...(options.delay === undefined ? {} : { delay: options.delay }),
      ...(options.faults === undefined ? {} : { faults: options.faults }),
      tellsState: options.tellsState ?? false,
    };
    const worker = startBundledThread(code, data, group[0]?.id ?? "bots", group.length);
    const exited = new Promise<void>((resolve) => worker.once("exit", () => resolve()));
    const thread = { ids: group.map(({ id }) => id), worker, exited };
    for (const id of thread.ids) threads.set(id, thread);
    inspected.welcome(worker);
    void exited.then(() => {
      for (const id of thread.ids) inspection?.forget(id);
    });
    let waiting = group.length;
    return new Promise((resolve, reject) => {
      worker.on("error", (error) => {
        log.warn(`the thread of ${thread.ids.join(", ")} ended with an error`, { error: error.message });
        reject(error);
      });
      worker.on("message", (message: FromBots) => {
        if (message.type === "online") {
          online += 1;
          waiting -= 1;
          options.onOnline?.(online);
          if (waiting === 0) resolve();
        } else if (message.type === "failed") reject(new Error(message.message));
        else if (message.type === "report") reports.push(message);
        else if (message.type === "told") inspection?.told(message.id, message.told);
        else if (message.type === "sent") inspected.heard(message);
        else if (message.level === "warn") log.warn(`${message.id}: ${message.message}`, message.values);
      });
    });
  }

  try {
    await inTurns(groups, startingAtOnce, startThread);
  } catch (error) {
    await Promise.all([...threads.values()].map(({ worker }) => worker.terminate()));
    throw error;
  }

  return {
    async stop() {
      for (const { worker } of new Set(threads.values())) worker.postMessage({ type: "stop" } satisfies ToBots);
      const late = setTimeout(() => {
        for (const { worker } of threads.values()) void worker.terminate();
      }, 2500);
      await Promise.all([...threads.values()].map(({ exited }) => exited));
      clearTimeout(late);
      return reports.sort((left, right) => (left.id < right.id ? -1 : 1));
    },
    companions: (id) => threads.get(id)?.ids ?? [],
    async kill(id) {
      await threads.get(id)?.worker.terminate();
    },
    async restart(id) {
      const group = bots.filter((bot) => threads.get(id)?.ids.includes(bot.id));
      await startThread(group);
    },
  };
}
