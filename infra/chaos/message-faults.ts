/**
 * What becomes of one message: the first fault of the file whose lot falls on it, if any.
 *
 * Everybody has a stream of his own for each fault and way, and one lot is drawn for each of his messages, so that the same messages meet the
 * same faults, in whatever order the messages of others come between them.
 */
import { type RandomStream, stream } from "../../shared/random-stream.js";
import { instantFromIso } from "../../shared/time.js";
import { type FaultPlan, isTimed, type MessageFault } from "./fault-plan.js";

export interface MessageFaults {
  /** @param whom the participant or, where managers hand over, the receiving manager. @param topic its kind: `orders`, `replies`, `contracts` */
  fateOf(messages: MessageFault["messages"], whom: string, topic: string, atMs: number): MessageFault | undefined;
}

export function createMessageFaults({ entries, seed }: FaultPlan): MessageFaults {
  const faults = entries.flatMap((entry, index) => (isTimed(entry) ? [] : [watched(entry, index)]));
  const streams = new Map<string, RandomStream>();

  function lot(index: number, messages: string, whom: string): number {
    const name = `${index} ${messages} ${whom}`;
    let random = streams.get(name);
    if (random === undefined) {
      random = stream(seed, `fault ${index + 1}`, `${messages} ${whom}`);
      streams.set(name, random);
    }
    return random.uniform();
  }

  return {
    fateOf(messages, whom, topic, atMs) {
      let fate: MessageFault | undefined;
      for (const { entry, index, fromMs, untilMs } of faults) {
        if (entry.messages !== messages || atMs < fromMs || atMs >= untilMs) continue;
        if (entry.whom !== "all" && !entry.whom.includes(whom)) continue;
        if (entry.topics !== undefined && !entry.topics.includes(topic)) continue;
        if (lot(index, messages, whom) < entry.share) fate ??= entry;
      }
      return fate;
    },
  };
}

function watched(entry: MessageFault, index: number) {
  const { from, until } = entry;
  const fromMs = from === undefined ? Number.NEGATIVE_INFINITY : (instantFromIso(from) ?? 0);
  const untilMs = until === undefined ? Number.POSITIVE_INFINITY : (instantFromIso(until) ?? 0);
  return { entry, index, fromMs, untilMs };
}
