/** What actors and their states are called on the page. */
import { isoUtc } from "../../../../shared/time.js";
import { time, zoneName } from "../../page/formats.js";
import { isFields } from "./context.js";

/** Names end in the start of their delivery period, milliseconds UTC. */
const periodStart = /-(\d{12,13})$/;

/** With that start as the market's clocks tell it: `bidding-1470016800000` → `bidding 1 Aug, 03:00`. */
export function readableName(name: string, timezone: string): string {
  return name.replace(periodStart, (_all, instantMs) => ` ${time(Number(instantMs), "day-time", timezone)}`);
}

/** The start in a name with what the market's clocks are called then, and in UTC; undefined for a name without one. */
export function startInName(name: string, timezone: string): string | undefined {
  const startMs = Number(periodStart.exec(name)?.[1] ?? Number.NaN);
  if (Number.isNaN(startMs)) return undefined;
  return `${time(startMs, "day-time", timezone)} ${zoneName(startMs, timezone)}, ${isoUtc(startMs)}`;
}

/** Types that XState makes are told in words: `xstate.done.actor.gate` → `done (gate)`. */
export function readableType(type: string, timezone: string): string {
  return type.replace(
    /^xstate\.(done|error)\.(?:actor|state)\.(.+)$/,
    (_all, what, name) => `${what} (${readableName(name, timezone)})`,
  );
}

/** A state's value in few letters: `open`, `calendar waiting · door open`. */
export function stateText(value: unknown): string {
  if (typeof value === "string") return value;
  if (!isFields(value)) return "";
  return Object.entries(value)
    .map(([region, inner]) => {
      const text = stateText(inner);
      return text === "" ? region : isFields(inner) ? `${region} (${text})` : `${region} ${text}`;
    })
    .join(" · ");
}

/** Letters first, then numbers by their size: bot2 before bot10. */
const collator = new Intl.Collator("en", { numeric: true });
const processes = [
  ...["operator", "api", "registrar", "clock", "supervisor", "supplier", "environment", "dso"],
  ...["bidding", "exchange", "settlement"],
];

/** The market's processes in the order in which a period passes them, then bots. */
export function compareNodes(one: string, other: string): number {
  const rank = (node: string): number => {
    const index = processes.indexOf(node);
    return index === -1 ? processes.length : index;
  };
  return rank(one) - rank(other) || collator.compare(one, other);
}

/** Numbers of actors of one node by their size: x3 before x12. */
export const compareNumbers = (one: string, other: string): number => collator.compare(one, other);
