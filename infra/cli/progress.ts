/** The progress bar of a simulation: rate and time left; without a terminal a line now and then. */
import { createLogUpdate } from "log-update";
import type { SimulationProgress } from "../main/simulate.js";

const barWidth = 30;
const lineEveryMs = 10_000;

export interface ProgressBar {
  show(progress: SimulationProgress): void;
  done(): void;
}

export function progressBar(stream: NodeJS.WriteStream): ProgressBar {
  const startedMs = Date.now();
  const update = createLogUpdate(stream, { showCursor: true });
  const isTerminal = stream.isTTY === true;
  let shownMs = startedMs;
  return {
    show(progress) {
      const nowMs = Date.now();
      if (nowMs - shownMs < (isTerminal ? 200 : lineEveryMs)) return;
      shownMs = nowMs;
      const line = progressLine(progress, nowMs - startedMs);
      if (isTerminal) update(line);
      else stream.write(`${line}\n`);
    },
    done() {
      if (isTerminal) update.done();
    },
  };
}

function progressLine({ seq, ticks, tsMs, billedPeriods, periods }: SimulationProgress, elapsedMs: number): string {
  const share = Math.min(1, seq / ticks);
  const filled = Math.round(share * barWidth);
  const rate = (seq * 1000) / Math.max(1, elapsedMs);
  const left = Math.round((ticks - seq) / Math.max(rate, 0.001));
  const bar = `${"█".repeat(filled)}${"░".repeat(barWidth - filled)}`;
  const at = new Date(tsMs).toISOString().slice(0, 16).replace("T", " ");
  return `${bar} ${(share * 100).toFixed(1)} %  ${at}  ${billedPeriods} of ${periods} periods billed  ${rate.toFixed(1)} ticks/s  ${duration(left)} left`;
}

function duration(seconds: number): string {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${seconds % 60} s` : `${seconds} s`;
}

/** A plain bar over a number of parts, for work that takes more than a moment. */
export function periodBar(
  stream: NodeJS.WriteStream,
  parts: string,
): { show(done: number, of: number): void; done(): void } {
  const update = createLogUpdate(stream, { showCursor: true });
  const isTerminal = stream.isTTY === true;
  let shownMs = Date.now();
  return {
    show(done, of) {
      const nowMs = Date.now();
      if (nowMs - shownMs < (isTerminal ? 200 : lineEveryMs)) return;
      shownMs = nowMs;
      const filled = Math.round((done / of) * barWidth);
      const line = `${"█".repeat(filled)}${"░".repeat(barWidth - filled)} ${done} of ${of} ${parts}`;
      if (isTerminal) update(line);
      else stream.write(`${line}\n`);
    },
    done() {
      if (isTerminal) update.clear();
    },
  };
}
