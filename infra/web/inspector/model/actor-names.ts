/** What actors and their states are called on the page. */
import { time } from "../../page/formats.js";
import { isFields } from "./context.js";

/** Names end in the start of their delivery period in milliseconds: shown as its time, UTC. `bidding-1470016800000` → `bidding 1 Aug, 02:00`. */
export function readableName(name: string): string {
  return name.replace(/-(\d{12,13})$/, (_all, instantMs) => ` ${time(Number(instantMs), "day-time", "UTC")}`);
}

/** Types that XState makes are told in words: `xstate.done.actor.gate` → `done (gate)`. */
export function readableType(type: string): string {
  return type.replace(
    /^xstate\.(done|error)\.(?:actor|state)\.(.+)$/,
    (_all, what, name) => `${what} (${readableName(name)})`,
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
