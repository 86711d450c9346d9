/** Batches as a gateway makes them: commands of those under it, some of which it repeats, mixes up, or sends for others. */
import type { RandomStream } from "../../shared/random-stream.js";
import type { ClientView } from "./client.js";
import { command, type Drawn, drawCommand, drawReading, keep, repeat } from "./commands.js";
import { oneOf } from "./setting.js";

interface Entry {
  readonly for: string;
  readonly topic: string;
  readonly command: object;
}

const mostEntries = 6;
/** Whose gateway nobody is, or not this one. */
const others = ["nobody", "ann-meter", "gw1", "stranger"];

/** Undefined where there is nothing to send. */
export function drawBatch(view: ClientView, homes: readonly ClientView[], chance: RandomStream): Drawn | undefined {
  const drawn = chance.uniform();
  if (drawn < 0.12) return repeat(view, chance);
  const isReadings = chance.uniform() < 0.4;
  const entries = drawEntries(homes, isReadings, chance);
  if (drawn < 0.17) return reuse(view, entries, chance);
  if (drawn < 0.22) return malformed(view, homes, entries, chance);
  return entries.length === 0 ? undefined : keep(view, command(view, "batch", { entries }));
}

function drawEntries(homes: readonly ClientView[], isReadings: boolean, chance: RandomStream): Entry[] {
  const entries: Entry[] = [];
  for (let left = homes.length === 0 ? 1 : chance.integer(1, mostEntries); left > 0; left -= 1) {
    const isForOther = homes.length === 0 || chance.uniform() < 0.06;
    const own = homes.length === 0 ? undefined : drawEntry(oneOf(homes, chance), isReadings, chance);
    if (entries.length > 0 && chance.uniform() < 0.08) entries.push(oneOf(entries, chance));
    else if (own !== undefined) entries.push(isForOther ? { ...own, for: oneOf(others, chance) } : own);
    else if (isForOther)
      entries.push({ for: oneOf(others, chance), topic: isReadings ? "meter" : "orders", command: {} });
  }
  return entries;
}

/** A command as the home itself would send it; what is no JSON object is nothing that a batch can hold. */
function drawEntry(home: ClientView, isReadings: boolean, chance: RandomStream): Entry | undefined {
  const drawn = isReadings ? drawReading(home, chance) : drawCommand(home, chance);
  if (drawn === undefined || drawn.topic === "batch" || (drawn.topic === "meter") !== isReadings) return undefined;
  if (!drawn.payload.startsWith('{"')) return undefined;
  return { for: home.id, topic: drawn.topic, command: JSON.parse(drawn.payload) as object };
}

/** An id that stands for other entries. */
function reuse(view: ClientView, entries: readonly Entry[], chance: RandomStream): Drawn | undefined {
  if (view.sent.length === 0 || entries.length === 0) return undefined;
  const { requestId } = oneOf(view.sent.slice(-10), chance);
  return { topic: "batch", requestId, payload: JSON.stringify({ v: 1, requestId, entries }) };
}

/** Each breaks one rule of the contract's. */
function malformed(
  view: ClientView,
  homes: readonly ClientView[],
  entries: readonly Entry[],
  chance: RandomStream,
): Drawn | undefined {
  const home = homes[0]?.id ?? "nobody";
  return oneOf<() => Drawn>(
    [
      () => command(view, "batch", { entries: [] }),
      () => command(view, "batch", { entries, colour: "green" }),
      () => command(view, "batch", { entries: [...entries, { for: home, topic: "status", command: {} }] }),
      () => command(view, "batch", { entries: [...entries, { for: home, topic: "orders", command: [] }] }),
      () => command(view, "batch", { entries: [...entries, { for: "No One", topic: "orders", command: {} }] }),
      () =>
        command(view, "batch", {
          entries: [
            ...entries,
            { for: home, topic: "orders", command: {} },
            { for: home, topic: "meter", command: {} },
          ],
        }),
    ],
    chance,
  )();
}
