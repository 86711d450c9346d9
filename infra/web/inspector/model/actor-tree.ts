/**
 * The actors at a moment as lines of a list: by node, each below the one that made it. A node with one actor that nobody made is that
 * actor's line; one with several has a line of its own above them.
 */
import type { ActorHistory, Moment } from "./actor-history.js";
import { compareNodes, compareNumbers, readableName, startInName, stateText } from "./actor-names.js";
import { wordFilter } from "./filter.js";

interface AnyLine {
  readonly id: string;
  readonly depth: number;
  /** Whether the lines below it are listed; undefined: there are none. */
  readonly isOpen: boolean | undefined;
  /** Actors that live, itself and all below. */
  readonly living: number;
}

export interface NodeLine extends AnyLine {
  readonly kind: "node";
}

export interface ActorLine extends AnyLine {
  readonly kind: "actor";
  readonly name: string;
  /** Of the period in its name, if there is one: with the clock's name, and in UTC. */
  readonly start: string | undefined;
  readonly machine: string | null;
  readonly status: Moment["status"];
  readonly state: string;
  /** Place of its last change. */
  readonly changedAt: number;
}

export type TreeLine = NodeLine | ActorLine;

export interface TreeOptions {
  /** Place of the log. */
  readonly place: number;
  /** Words, as in the log's filter. */
  readonly words: string;
  /** Those that are over, too. */
  readonly ended: boolean;
  /** Alarms and other actors that are no machines, too. */
  readonly helpers: boolean;
  /** Lines below which nothing is listed. */
  readonly closed: ReadonlySet<string>;
  /** The market's, IANA name. */
  readonly timezone: string;
}

interface Shown {
  readonly history: ActorHistory;
  readonly moment: Moment;
}

export function treeLines(actors: readonly ActorHistory[], options: TreeOptions): TreeLine[] {
  const isWanted = wordFilter(options.words);
  const nodes = new Map<string, Shown[]>();
  for (const history of actors) {
    const moment = history.at(options.place);
    if (moment === undefined || !isListed(history, moment, options)) continue;
    const text = `${history.id} ${history.name} ${readableName(history.name, options.timezone)} ${history.machine ?? ""}`;
    if (!isWanted(`${text} ${stateText(moment.value)}`)) continue;
    const node = nodes.get(history.node);
    if (node === undefined) nodes.set(history.node, [{ history, moment }]);
    else node.push({ history, moment });
  }
  return [...nodes]
    .sort(([one], [other]) => compareNodes(one, other))
    .flatMap(([id, shown]) => linesOfNode(id, shown, options));
}

function isListed({ machine }: ActorHistory, { status }: Moment, { ended, helpers }: TreeOptions): boolean {
  return (ended || status === "active") && (helpers || machine !== null);
}

function linesOfNode(id: string, shown: readonly Shown[], options: TreeOptions): TreeLine[] {
  const below = madeBy(shown);
  const roots = below.get(null) ?? [];
  if (roots.length === 1) return nested(roots, 0, below, options);
  const isOpen = !options.closed.has(id);
  const node: NodeLine = { kind: "node", id, depth: 0, isOpen, living: shown.filter(isLiving).length };
  return [node, ...(isOpen ? nested(roots, 1, below, options) : [])];
}

const isLiving = ({ moment }: Shown): boolean => moment.status === "active";

/** By the actor that made them, in the order of their numbers; null: one whose maker is not listed. */
function madeBy(shown: readonly Shown[]): Map<string | null, Shown[]> {
  const ids = new Set(shown.map(({ history }) => history.id));
  const below = new Map<string | null, Shown[]>();
  for (const one of shown.toSorted((a, b) => compareNumbers(a.history.id, b.history.id))) {
    const { parent, id } = one.history;
    const above = parent !== null && parent !== id && ids.has(parent) ? parent : null;
    const others = below.get(above);
    if (others === undefined) below.set(above, [one]);
    else others.push(one);
  }
  return below;
}

function nested(
  shown: readonly Shown[],
  depth: number,
  below: ReadonlyMap<string | null, readonly Shown[]>,
  options: TreeOptions,
): ActorLine[] {
  return shown.flatMap((one) => {
    const { id, name, machine } = one.history;
    const { status, value, place } = one.moment;
    const inner = nested(below.get(id) ?? [], depth + 1, below, options);
    const isOpen = inner.length === 0 ? undefined : !options.closed.has(id);
    const line: ActorLine = {
      ...{ kind: "actor", id, depth, name: readableName(name, options.timezone), machine, status, isOpen },
      ...{ start: startInName(name, options.timezone), state: stateText(value), changedAt: place },
      living:
        Number(isLiving(one)) +
        inner.filter((each) => each.depth === depth + 1).reduce((sum, each) => sum + each.living, 0),
    };
    return isOpen === true ? [line, ...inner] : [line];
  });
}
