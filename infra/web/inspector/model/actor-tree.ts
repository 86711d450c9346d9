/** The actors at a moment as lines of a list: each node, below it its actors, each below the one that made it. */
import type { ActorHistory, Moment } from "./actor-history.js";
import { compareNodes, compareNumbers, readableName, stateText } from "./actor-names.js";
import { wordFilter } from "./filter.js";

export interface NodeLine {
  readonly kind: "node";
  readonly id: string;
  readonly depth: 0;
  /** Actors that live. */
  readonly living: number;
  readonly isOpen: boolean;
}

export interface ActorLine {
  readonly kind: "actor";
  readonly id: string;
  readonly depth: number;
  readonly name: string;
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
  /** Nodes whose actors are not listed. */
  readonly closed: ReadonlySet<string>;
}

interface Shown {
  readonly history: ActorHistory;
  readonly moment: Moment;
}

export function treeLines(actors: readonly ActorHistory[], options: TreeOptions): TreeLine[] {
  const { place, closed } = options;
  const isWanted = wordFilter(options.words);
  const nodes = new Map<string, Shown[]>();
  for (const history of actors) {
    const moment = history.at(place);
    if (moment === undefined || !isListed(history, moment, options)) continue;
    const text = `${history.id} ${history.name} ${readableName(history.name)} ${history.machine ?? ""}`;
    if (!isWanted(`${text} ${stateText(moment.value)}`)) continue;
    const node = nodes.get(history.node);
    if (node === undefined) nodes.set(history.node, [{ history, moment }]);
    else node.push({ history, moment });
  }
  return [...nodes]
    .sort(([one], [other]) => compareNodes(one, other))
    .flatMap(([id, shown]) => {
      const living = shown.filter(({ moment }) => moment.status === "active").length;
      const isOpen = !closed.has(id);
      return [{ kind: "node", id, depth: 0, living, isOpen } as const, ...(isOpen ? nested(shown) : [])];
    });
}

function isListed({ machine }: ActorHistory, { status }: Moment, { ended, helpers }: TreeOptions): boolean {
  return (ended || status === "active") && (helpers || machine !== null);
}

/** One whose parent is not listed stands by itself. */
function nested(shown: readonly Shown[]): ActorLine[] {
  const ids = new Set(shown.map(({ history }) => history.id));
  const children = new Map<string | null, Shown[]>();
  for (const one of shown) {
    const { parent, id } = one.history;
    const above = parent !== null && parent !== id && ids.has(parent) ? parent : null;
    children.set(above, [...(children.get(above) ?? []), one]);
  }
  const below = (parent: string | null, depth: number): ActorLine[] =>
    [...(children.get(parent) ?? [])]
      .sort((one, other) => compareNumbers(one.history.id, other.history.id))
      .flatMap(({ history, moment }) => [lineOf(history, moment, depth), ...below(history.id, depth + 1)]);
  return below(null, 1);
}

function lineOf({ id, name, machine }: ActorHistory, { status, value, place }: Moment, depth: number): ActorLine {
  return {
    ...{ kind: "actor", id, depth, name: readableName(name), machine, status },
    ...{ state: stateText(value), changedAt: place },
  };
}
