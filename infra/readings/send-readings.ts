/**
 * Sends the rows of a file of readings to the market, as the operator's commands, and tells what came of each.
 *
 * A row's request is named after its content and after what it replaces: sent twice it has one effect, and a value that comes back later
 * is a new one. Rows that say what stands already are not sent.
 */
import { createHash } from "node:crypto";
import { kwhFromWh } from "../../shared/decimal.js";
import type { Reply } from "../../shared/messages/private.js";
import { isoUtc } from "../../shared/time.js";
import { type Command, NoReplyError } from "../rest/market-door.js";
import type { PlannedRow } from "./import-plan.js";

/** So many wait for their reply at a time. */
const atOnce = 50;

export type SendReading = (command: Command) => Promise<Reply>;

/** In the order of the rows. After the first that is not answered nothing more is sent: the file may be sent again. */
export async function sendReadings(planned: readonly PlannedRow[], send: SendReading): Promise<PlannedRow[]> {
  const done = [...planned];
  let [next, isAway] = [0, false];
  const work = async (): Promise<void> => {
    for (let place = next++; place < planned.length; place = next++) {
      const row = planned[place];
      if (row === undefined || row.effect === "refused" || row.effect === "same") continue;
      if (isAway) done[place] = notSent(row);
      else {
        done[place] = await sent(row, send);
        isAway ||= done[place]?.reason === noReply;
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return done;
}

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
