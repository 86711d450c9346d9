/**
 * Values by the levels of a topic or of a filter, found without looking at all of them: filters that match a topic, and topics that a
 * filter matches. `+` stands for one level, `#` at the end for all below and for the parent itself (MQTT 3.1.1, 4.7).
 */
interface Branch<Value> {
  readonly below: Map<string, Branch<Value>>;
  value: Value | undefined;
}

export interface TopicTree<Value> {
  get(path: string): Value | undefined;
  set(path: string, value: Value): void;
  delete(path: string): void;
  /** Paths are filters: the values of those that match this topic. */
  ofTopic(topic: string): Value[];
  /** Paths are topics: the values of those that this filter matches. */
  ofFilter(filter: string): Value[];
}

export function createTopicTree<Value>(): TopicTree<Value> {
  const root: Branch<Value> = { below: new Map(), value: undefined };

  function find(path: string): Branch<Value> | undefined {
    let branch: Branch<Value> | undefined = root;
    for (const level of path.split("/")) branch = branch?.below.get(level);
    return branch;
  }

  return {
    get: (path) => find(path)?.value,
    set(path, value) {
      let branch = root;
      for (const level of path.split("/")) {
        let next = branch.below.get(level);
        if (next === undefined) {
          next = { below: new Map(), value: undefined };
          branch.below.set(level, next);
        }
        branch = next;
      }
      branch.value = value;
    },
    delete(path) {
      prune(root, path.split("/"), 0);
    },
    ofTopic(topic) {
      const found: Value[] = [];
      matchFilters(root, topic.split("/"), 0, found);
      return found;
    },
    ofFilter(filter) {
      const found: Value[] = [];
      matchTopics(root, filter.split("/"), 0, found);
      return found;
    },
  };
}

/** Takes a value away, and every branch that is empty without it. */
function prune<Value>(branch: Branch<Value>, levels: readonly string[], at: number): void {
  const level = levels[at];
  if (level === undefined) {
    branch.value = undefined;
    return;
  }
  const next = branch.below.get(level);
  if (next === undefined) return;
  prune(next, levels, at + 1);
  if (next.value === undefined && next.below.size === 0) branch.below.delete(level);
}

const add = <Value>(branch: Branch<Value> | undefined, found: Value[]): void => {
  if (branch?.value !== undefined) found.push(branch.value);
};

function matchFilters<Value>(branch: Branch<Value>, levels: readonly string[], at: number, found: Value[]): void {
  add(branch.below.get("#"), found);
  const level = levels[at];
  if (level === undefined) {
    add(branch, found);
    return;
  }
  for (const name of [level, "+"]) {
    const next = branch.below.get(name);
    if (next !== undefined) matchFilters(next, levels, at + 1, found);
  }
}

function matchTopics<Value>(branch: Branch<Value>, levels: readonly string[], at: number, found: Value[]): void {
  const level = levels[at];
  if (level === undefined) add(branch, found);
  else if (level === "#") all(branch, found);
  else if (level === "+") for (const next of branch.below.values()) matchTopics(next, levels, at + 1, found);
  else {
    const next = branch.below.get(level);
    if (next !== undefined) matchTopics(next, levels, at + 1, found);
  }
}

function all<Value>(branch: Branch<Value>, found: Value[]): void {
  add(branch, found);
  for (const next of branch.below.values()) all(next, found);
}
