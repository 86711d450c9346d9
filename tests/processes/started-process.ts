/** `elecbay` as a process of its own, for scripts that run it for hours or kill it: what it logs is heard line by line and not kept. */
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";

export interface StartedProcess {
  readonly pid: number;
  /** The line that said that it runs. */
  readonly greeting: string;
  /** Wall time from the start of the process until it said that it runs. */
  readonly startedInMs: number;
  /** Resolves when the process has ended, however it did. */
  readonly ended: Promise<void>;
  isRunning(): boolean;
  /** At once, as by `kill -9`. */
  kill(): Promise<void>;
  /** As by Ctrl-C. */
  stop(): Promise<void>;
}

export interface StartedProcessOptions {
  /** The built program, `dist/elecbay.js`. */
  readonly program: string;
  /** Command and options of elecbay. */
  readonly args: readonly string[];
  /** What the line is like that says that it runs. */
  readonly ready: RegExp;
  readonly nodeFlags?: readonly string[];
  readonly onLine?: (line: string) => void;
  /** Hears of the process before it runs: whoever kills it while it starts. */
  readonly onSpawned?: (child: ChildProcess) => void;
}

const running = new Set<ChildProcess>();
/** What it said last, for the complaint when it ends by itself. */
const linesKept = 20;

/** Resolves once it says that it runs. @throws Error with its last lines where it ends before. */
export function startProcess(options: StartedProcessOptions): Promise<StartedProcess> {
  const { program, args, nodeFlags = [], onLine } = options;
  const begunAt = performance.now();
  const child = spawn(process.execPath, [...nodeFlags, program, ...args, "--log", "json"], {
    env: { PATH: process.env.PATH },
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.add(child);
  options.onSpawned?.(child);
  const ended = new Promise<void>((resolve) => {
    child.once("close", () => {
      running.delete(child);
      resolve();
    });
  });
  const end = (signal: "SIGKILL" | "SIGINT") => {
    child.kill(signal);
    return ended;
  };
  const lastLines: string[] = [];
  return new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on("line", (line) => {
        lastLines.push(line);
        if (lastLines.length > linesKept) lastLines.shift();
        onLine?.(line);
        if (!options.ready.test(line)) return;
        resolve({
          ...{ pid: child.pid ?? 0, greeting: line, startedInMs: performance.now() - begunAt, ended },
          isRunning: () => running.has(child),
          kill: () => end("SIGKILL"),
          stop: () => end("SIGINT"),
        });
      });
    }
    void ended.then(() => reject(new Error(`elecbay ${args[0]} ended before it ran:\n${lastLines.join("\n")}`)));
  });
}

/** For whoever is interrupted: nothing is left running. */
export function killStarted(): void {
  for (const child of running) child.kill("SIGKILL");
}
