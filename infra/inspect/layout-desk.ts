/** Layouts of machines, each made once in a thread of its own, which ends when nothing is asked of it for a while. */
import { createHash } from "node:crypto";
import { Worker } from "node:worker_threads";
import type { LaidOutMachine } from "./lay-out-machine.js";
import type { MachineDescription } from "./machine-description.js";

export type HashedMachine = LaidOutMachine & { readonly hash: string };

export interface LayoutDesk {
  /** @throws Error where the machine cannot be laid out */
  layOut(description: MachineDescription): Promise<HashedMachine>;
  stop(): Promise<void>;
}

const idleMs = 5000;

/** @param threadFile the bundled layout-thread.ts */
export function createLayoutDesk(threadFile: string): LayoutDesk {
  const made = new Map<string, Promise<HashedMachine>>();
  const waiting = new Map<number, { resolve: (machine: LaidOutMachine) => void; reject: (error: Error) => void }>();
  let worker: Worker | undefined;
  let idle: NodeJS.Timeout | undefined;
  let asked = 0;

  function end(error: Error): void {
    worker = undefined;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  }

  function started(): Worker {
    if (worker !== undefined) return worker;
    const thread = new Worker(threadFile, { name: "layout", resourceLimits: { maxOldGenerationSizeMb: 256 } });
    thread.unref();
    thread.on("message", ({ id, machine, error }: { id: number; machine?: LaidOutMachine; error?: string }) => {
      const asker = waiting.get(id);
      waiting.delete(id);
      if (machine === undefined) asker?.reject(new Error(error));
      else asker?.resolve(machine);
      if (waiting.size > 0) return;
      thread.unref(); // it keeps no program from ending
      idle = setTimeout(() => void stop(), idleMs).unref();
    });
    thread.on("error", (error) => worker === thread && end(error));
    thread.on("exit", () => worker === thread && end(new Error("the layout thread has ended")));
    worker = thread;
    return thread;
  }

  function ask(description: MachineDescription): Promise<LaidOutMachine> {
    clearTimeout(idle);
    asked += 1;
    const id = asked;
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      const thread = started();
      thread.ref();
      thread.postMessage({ id, description });
    });
  }

  async function stop(): Promise<void> {
    clearTimeout(idle);
    const thread = worker;
    end(new Error("the layout thread was stopped"));
    await thread?.terminate();
  }

  return {
    layOut(description) {
      const hash = createHash("sha256").update(JSON.stringify(description)).digest("hex").slice(0, 16);
      const before = made.get(hash);
      if (before !== undefined) return before;
      const layout = ask(description).then((machine) => ({ ...machine, hash }));
      layout.catch(() => made.delete(hash)); // whoever asked hears of it; the next one tries again
      made.set(hash, layout);
      return layout;
    },
    stop,
  };
}
