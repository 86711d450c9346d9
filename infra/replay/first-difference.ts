/**
 * What a journal holds against what comes out of the rules today: all that was recorded must come out again.
 *
 * What a later program adds is no difference. Nor are words that only explain (`why` an order traded) and signatures, which only the
 * market's own key can make: they are told apart.
 */

/** Where a recorded value and its replay part, as a path such as `trade.energyWh`. */
export interface PartedAt {
  readonly path: string;
  readonly recorded: unknown;
  readonly replayed: unknown;
}

export interface Compared {
  readonly parted: PartedAt | undefined;
  /** Some explaining word differs. */
  readonly isWordedOtherwise: boolean;
}

const words: ReadonlySet<string> = new Set(["why"]);
const signatures: ReadonlySet<string> = new Set(["signature"]);

export function compareRecorded(recorded: unknown, replayed: unknown): Compared {
  let isWordedOtherwise = false;
  const walk = (left: unknown, right: unknown, path: string): PartedAt | undefined => {
    if (left === right) return undefined;
    if (!isObject(left) || !isObject(right)) return { path, recorded: left, replayed: right };
    if (Array.isArray(left) && Array.isArray(right) && left.length !== right.length) {
      return { path: `${path} (length)`, recorded: left.length, replayed: right.length };
    }
    for (const name of Object.keys(left)) {
      if (signatures.has(name)) continue;
      const parted = walk(left[name], right[name], path === "" ? name : `${path}.${name}`);
      if (parted === undefined) continue;
      if (!words.has(name)) return parted;
      isWordedOtherwise = true;
    }
    return undefined;
  };
  const parted = walk(recorded, replayed, "");
  return { parted, isWordedOtherwise };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
