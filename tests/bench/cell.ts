/** One measurement, made in a process of its own, so that none warms or burdens another. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { DoorCell, DoorFigures } from "./door-cells.js";
import type { JournalCell, JournalFigures } from "./journal-cell.js";
import type { PeersCell, PeersFigures } from "./peers-cell.js";
import type { RestartCell, RestartFigures } from "./restart-cell.js";
import type { ContinuousFigures, RulesCell, UniformFigures } from "./rules-cells.js";
import type { SettlementCell, SettlementFigures } from "./settlement-cell.js";
import type { WindowCell, WindowFigures } from "./window-cell.js";

export interface Cell {
  readonly kind:
    | "record"
    | "lockstep-market"
    | "lockstep-bare"
    | "start-market"
    | "start-bare"
    | "inspect-none"
    | "inspect-off"
    | "inspect-on";
  readonly bots: number;
  /** Ticks run before measuring begins, and those measured. */
  readonly warmUpTicks: number;
  readonly ticks: number;
  /** Where the transcript is written and read. */
  readonly transcriptFile: string;
}

export type AnyCell = Cell | RulesCell | SettlementCell | JournalCell | RestartCell | DoorCell | PeersCell | WindowCell;

export interface LockstepFigures {
  readonly ticksPerSecond: number;
  /** Of all threads of the process. */
  readonly cpuMsPerTick: number;
}

export interface StartFigures {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly mibPerThread: number;
}

export interface RecordFigures {
  readonly messagesPerTick: number;
  readonly kbPerTick: number;
}

export interface Figures {
  readonly record: RecordFigures;
  readonly "lockstep-market": LockstepFigures;
  readonly "lockstep-bare": LockstepFigures;
  readonly "inspect-none": LockstepFigures;
  readonly "inspect-off": LockstepFigures;
  readonly "inspect-on": LockstepFigures;
  readonly "start-market": StartFigures;
  readonly "start-bare": StartFigures;
  readonly journal: JournalFigures;
  readonly door: DoorFigures;
  readonly peers: PeersFigures;
  readonly restart: RestartFigures;
  readonly uniform: UniformFigures;
  readonly continuous: ContinuousFigures;
  readonly "continuous-cancelled": ContinuousFigures;
  readonly settlement: SettlementFigures;
  readonly "settlement-charged": SettlementFigures;
  readonly window: WindowFigures;
}

const marker = "figures: ";

export function figuresLine(figures: Figures[AnyCell["kind"]]): string {
  return `${marker}${JSON.stringify(figures)}`;
}

/** Runs a cell in a process of its own. @throws Error with what it said, if it fails. */
export function measured<K extends AnyCell["kind"]>(cell: AnyCell & { readonly kind: K }): Promise<Figures[K]> {
  const program = fileURLToPath(import.meta.url);
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      ["--enable-source-maps", "--expose-gc", program, "--cell", JSON.stringify(cell)],
      { maxBuffer: 1e7, timeout: 240_000 },
      (error, stdout, stderr) => {
        const line = stdout.split("\n").find((text) => text.startsWith(marker));
        if (error !== null || line === undefined) reject(new Error(`${JSON.stringify(cell)}: ${stderr}`));
        else resolve(JSON.parse(line.slice(marker.length)) as Figures[K]);
      },
    );
  });
}

/** Wall and CPU time between two ticks. */
export function tickWatch(cell: Cell, onEnd: () => void) {
  let startedAt = 0;
  let cpuBefore = process.cpuUsage();
  let figures: LockstepFigures | undefined;
  return {
    onTick(seq: number): void {
      if (seq === cell.warmUpTicks) {
        startedAt = performance.now();
        cpuBefore = process.cpuUsage();
      }
      if (seq !== cell.warmUpTicks + cell.ticks) return;
      const seconds = (performance.now() - startedAt) / 1000;
      const { user, system } = process.cpuUsage(cpuBefore);
      figures = { ticksPerSecond: cell.ticks / seconds, cpuMsPerTick: (user + system) / 1000 / cell.ticks };
      onEnd();
    },
    figures(): LockstepFigures {
      if (figures === undefined) throw new Error("the run ended before its last tick");
      return figures;
    },
  };
}
