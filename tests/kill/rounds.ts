/** Rounds of `kill -9` at random moments under load, and what the audit finds when all is over. */

import { journalFile } from "../../infra/journal/journal-folder.js";
import { openJournal } from "../../infra/journal/sqlite-journal.js";
import { programVersion } from "../../infra/version.js";
import { type RandomStream, stream } from "../../shared/random-stream.js";
import { type Audit, auditMarket } from "./audit.js";
import { killCalendar } from "./kill-scenario.js";
import { type Load, startLoad } from "./load.js";
import { type Actor, type StageMode, setStage } from "./stage.js";

export interface RoundsOptions {
  readonly mode: StageMode;
  readonly rounds: number;
  readonly seed: number;
  readonly folder: string;
  readonly distFolder: string;
  readonly onRound: (round: number, victim: string) => void;
  readonly onWarning: (line: string) => void;
}

export interface RoundsOutcome extends Audit {
  readonly rounds: number;
  readonly killsOf: Readonly<Record<string, number>>;
  readonly killsWhileStarting: number;
  /** Kills that found commands in the journal whose replies nobody had. */
  readonly killsBeforeReply: number;
  /** Kills that found commands on their way that no journal had. */
  readonly killsBeforeJournal: number;
  readonly meanRestartMs: number;
  readonly longestRestartMs: number;
}

const traders = ["ann", "bob", "cleo", "dan", "eve", "finn"];
/** Wall time of undisturbed load before a kill. */
const leastMs = 50;
const mostMs = 1200;
const whileStartingShare = 0.12;
/** After the last kill everything must be answered and settled within this time. */
const longestEndMs = 60_000;

/** @throws Error where a process does not come back, or commands stay without a reply. */
export async function runRounds(options: RoundsOptions): Promise<RoundsOutcome> {
  const { mode, rounds, seed, folder, distFolder, onWarning } = options;
  const random = stream(seed, "kill", mode);
  const stage = await setStage({ mode, traders, folder, distFolder, onWarning });
  for (const actor of stage.actors) await actor.start();
  const load = startLoad({
    ...{ url: stage.url, ids: traders, passwordOf: stage.passwordOf, seed },
    calendar: killCalendar,
  });
  const count = { whileStarting: 0, beforeReply: 0, beforeJournal: 0 };
  const killsOf: Record<string, number> = {};
  const restartsMs: number[] = [];
  const look = journalLooker(stage.stateFolder);
  try {
    for (let round = 1; round <= rounds; round += 1) {
      await pause(random.integer(leastMs, mostMs));
      const victim = stage.actors[random.integer(0, stage.actors.length - 1)] as Actor;
      await victim.kill();
      killsOf[victim.name] = (killsOf[victim.name] ?? 0) + 1;
      if (victim.name === "market" || victim.name === "bidding") {
        await pause(20); // what the system had of its replies comes in
        const found = look(load);
        if (found.journalled > 0) count.beforeReply += 1;
        if (found.onTheirWay > 0) count.beforeJournal += 1;
      }
      if (victim.name !== "broker" && random.uniform() < whileStartingShare) {
        await victim.start(random.integer(50, 900));
        count.whileStarting += 1;
      }
      restartsMs.push(await victim.start());
      options.onRound(round, victim.name);
    }
    await untilAllIsDone(load, random);
  } finally {
    await load.end();
    await stage.stop();
  }
  return {
    ...auditMarket(stage.stateFolder, load.traders),
    ...{ rounds, killsOf, killsWhileStarting: count.whileStarting },
    ...{ killsBeforeReply: count.beforeReply, killsBeforeJournal: count.beforeJournal },
    meanRestartMs: restartsMs.reduce((sum, value) => sum + value, 0) / Math.max(1, restartsMs.length),
    longestRestartMs: Math.max(...restartsMs),
  };
}

/** Every command is answered, and every period that was traded is metered. */
async function untilAllIsDone(load: Load, random: RandomStream): Promise<void> {
  await pause(random.integer(leastMs, mostMs));
  load.pause();
  const traded = load.traders.flatMap(({ commands }) => [...commands.values()].map(({ fields }) => fields.period));
  const lastMs = Math.max(...traded.map((period) => (period === undefined ? 0 : Date.parse(String(period)))));
  const settledMs = lastMs + 6 * killCalendar.periodMinutes * 60_000;
  const lateAt = performance.now() + longestEndMs;
  const unanswered = (): number => load.traders.reduce((sum, trader) => sum + trader.unanswered().length, 0);
  while (unanswered() > 0 || load.marketTimeMs() < settledMs) {
    if (performance.now() > lateAt) {
      throw new Error(
        `${unanswered()} commands have no reply ${longestEndMs / 1000} s after the last kill, market time ${new Date(load.marketTimeMs()).toISOString()}`,
      );
    }
    await pause(100);
  }
}

/** After a kill: which commands without a reply stand in the journal, and which do not. */
function journalLooker(
  stateFolder: string,
): (load: Load) => { readonly journalled: number; readonly onTheirWay: number } {
  let seen = 0;
  return (load) => {
    const journal = openJournal(journalFile(stateFolder, "bidding"), {
      ...{ role: "bidding", programVersion, durability: "full", readonly: true },
    });
    const journalled = new Set<string>();
    try {
      for (const { n, event } of journal.inputs(seen)) {
        seen = n;
        if (event?.type !== "COMMAND") continue;
        const { packet } = event as unknown as { packet: { sender: string; payload: string } };
        journalled.add(`${packet.sender}/${(JSON.parse(packet.payload) as { requestId: string }).requestId}`);
      }
    } finally {
      journal.close();
    }
    const waiting = load.traders.flatMap(({ id, unanswered }) =>
      unanswered()
        .filter(({ topic }) => topic !== "meter")
        .map(({ requestId }) => `${id}/${requestId}`),
    );
    const inJournal = waiting.filter((key) => journalled.has(key)).length;
    return { journalled: inJournal, onTheirWay: waiting.length - inJournal };
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
