/** The built program as a child process, as a user starts it. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

export interface ProgramEnd {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningProgram {
  readonly child: ChildProcess;
  /** Resolves when the program has ended. */
  readonly ended: Promise<ProgramEnd>;
  /** The first line, on standard output or error, that fits. @throws Error with all that was said when the program ends before. */
  line(pattern: RegExp): Promise<RegExpExecArray>;
}

const running = new Set<ChildProcess>();
const folders: string[] = [];

/** Starts `elecbay` with these arguments, without a terminal and without settings from the environment. */
export function startProgram(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): RunningProgram {
  const child = spawn(process.execPath, [resolve("dist/elecbay.js"), ...args], {
    env: { PATH: process.env.PATH, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.add(child);
  let stdout = "";
  let stderr = "";
  const waiting = new Set<() => void>();
  const onward = (): void => {
    for (const look of waiting) look();
  };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    onward();
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    onward();
  });
  let isOver = false;
  const ended = new Promise<ProgramEnd>((done) => {
    child.once("close", (code) => {
      running.delete(child);
      isOver = true;
      onward();
      done({ code, stdout, stderr });
    });
  });
  return {
    child,
    ended,
    line: (pattern) =>
      new Promise((found, reject) => {
        const look = (): void => {
          const match = [stdout, stderr]
            .flatMap((said) => said.split("\n").slice(0, -1))
            .map((text) => pattern.exec(text))
            .find((result) => result !== null);
          if (match === undefined && !isOver) return;
          waiting.delete(look);
          if (match === undefined) reject(new Error(`no line like ${pattern} in:\n${stdout}${stderr}`));
          else found(match);
        };
        waiting.add(look);
        look();
      }),
  };
}

/** Runs `elecbay` to its end. */
export function runProgram(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<ProgramEnd> {
  return startProgram(args, environment).ended;
}

/** A folder of its own, taken away by `cleanUp`. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "elecbay-cli-"));
  folders.push(folder);
  return folder;
}

/** Ends the programs that a failed test left running, and takes the folders away. */
export function cleanUp(): void {
  for (const child of running) child.kill("SIGKILL");
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}
