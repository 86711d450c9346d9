/**
 * Sends the rows of a file of readings to the market, as the operator's commands, and tells what came of each.
 *
 * A row's request is named after its content and after what it replaces: sent twice it has one effect, and a value that comes back later
 * is a new one. Rows that say what stands already are not sent.
 *
 * The market answers what waits in one turn together, so that the time for a reply grows little with how many wait: as long as replies come
 * soon, more and more rows are under way at a time, and fewer again where they come late.
 */
import { createHash } from "node:crypto";
import { kwhFromWh } from "../../shared/decimal.js";
import type { Reply } from "../../shared/messages/private.js";
import { isoUtc } from "../../shared/time.js";
import { type Command, NoReplyError } from "../rest/market-door.js";
import type { PlannedRow } from "./import-plan.js";

/** So many wait for their reply at a time, at first and at most; a reply within `soonMs` makes it one more, one that is later one less. */
const firstAtOnce = 50;
export const mostAtOnce = 800;
const soonMs = 1000;

export type SendReading = (command: Command) => Promise<Reply>;

/** In the order of the rows. After the first that is not answered nothing more is sent: the file may be sent again. */
export async function sendReadings(
  planned: readonly PlannedRow[],
  send: SendReading,
  nowMs: () => number = () => performance.now(),
): Promise<PlannedRow[]> {
  const done = [...planned];
  const waiting = [...planned.keys()].filter((place) => isToSend(planned[place]));
  let [next, underWay, atOnce, isAway] = [0, 0, firstAtOnce, false];

  async function sendOne(place: number): Promise<void> {
    const row = planned[place];
    if (row === undefined) return;
    const sentAtMs = nowMs();
    const answered = isAway ? notSent(row) : await sent(row, send);
    done[place] = answered;
    isAway ||= answered.reason === noReply;
    const isSoon = nowMs() - sentAtMs <= soonMs;
    atOnce = isSoon ? Math.min(mostAtOnce, atOnce + 1) : Math.max(firstAtOnce, atOnce - 1);
  }

  await new Promise<void>((resolve, reject) => {
    const goOn = (): void => {
      if (next >= waiting.length && underWay === 0) resolve();
      for (; underWay < atOnce && next < waiting.length; next += 1) {
        underWay += 1;
        sendOne(waiting[next] ?? 0).then(() => {
          underWay -= 1;
          goOn();
        }, reject);
      }
    };
    goOn();
  });
  return done;
}

const isToSend = (row: PlannedRow | undefined): boolean => row?.effect !== "refused" && row?.effect !== "same";

const noReply = "the market has not replied: send the file again";

async function sent(row: PlannedRow, send: SendReading): Promise<PlannedRow> {
  try {
    const reply = await send(commandOf(row));
    return reply.status === "accepted" ? row : { ...row, effect: "refused", reason: `${reply.code}: ${reply.reason}` };
  } catch (error) {
    if (error instanceof NoReplyError) return { ...row, effect: "refused", reason: noReply };
    throw error;
  }
}

const notSent = (row: PlannedRow): PlannedRow => ({
  ...{ ...row, effect: "refused" },
  reason: "it was not sent, for the market does not reply: send the file again",
});

function commandOf({ wanted, before }: PlannedRow): Command {
  if (wanted === undefined) throw new RangeError("only rows that are readings are sent");
  const { participant, importWh, exportWh, generationWh, quality } = wanted.reading;
  const content = {
    ...{ period: isoUtc(wanted.periodMs), importKwh: kwhFromWh(importWh), exportKwh: kwhFromWh(exportWh) },
    ...{ generationKwh: kwhFromWh(generationWh), quality, for: participant },
  };
  const name = createHash("sha256")
    .update(JSON.stringify([content, before?.input ?? 0]))
    .digest("hex");
  return { v: 1, requestId: `r-${name.slice(0, 40)}`, ...content };
}
