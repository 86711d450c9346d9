import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createTopicTree } from "../../../infra/mqtt/topic-tree.js";

/** MQTT 3.1.1, 4.7, word for word. */
function matches(filter: readonly string[], topic: readonly string[]): boolean {
  const [wanted, ...filters] = filter;
  if (wanted === "#") return true;
  const [level, ...levels] = topic;
  if (wanted === undefined || level === undefined) return wanted === level;
  return (wanted === "+" || wanted === level) && (filters.length + levels.length === 0 || matches(filters, levels));
}

const level = fc.constantFrom("a", "b", "");
const topic = fc.array(level, { minLength: 1, maxLength: 4 });
const filter = fc
  .tuple(fc.array(fc.oneof(level, fc.constant("+")), { minLength: 1, maxLength: 4 }), fc.boolean())
  .map(([levels, hash]) => (hash ? [...levels, "#"] : levels));
const paths = (found: string[]): string[] => [...found].sort();

describe("the tree of topics", () => {
  it("finds the filters that match a topic, and the topics that a filter matches", () => {
    fc.assert(
      fc.property(fc.array(filter), fc.array(topic), filter, topic, (filters, topics, wanted, given) => {
        const byFilter = createTopicTree<string>();
        for (const one of filters) byFilter.set(one.join("/"), one.join("/"));
        const fitting = new Set(filters.filter((one) => matches(one, given)).map((one) => one.join("/")));
        expect(paths(byFilter.ofTopic(given.join("/")))).toEqual([...fitting].sort());

        const byTopic = createTopicTree<string>();
        for (const one of topics) byTopic.set(one.join("/"), one.join("/"));
        const meant = new Set(topics.filter((one) => matches(wanted, one)).map((one) => one.join("/")));
        expect(paths(byTopic.ofFilter(wanted.join("/")))).toEqual([...meant].sort());
      }),
    );
  });

  it("holds what was set and not deleted since", () => {
    const change = fc.tuple(topic, fc.boolean());
    fc.assert(
      fc.property(fc.array(change), (changes) => {
        const tree = createTopicTree<string>();
        const held = new Set<string>();
        for (const [levels, isSet] of changes) {
          const path = levels.join("/");
          if (isSet) tree.set(path, path);
          else tree.delete(path);
          if (isSet) held.add(path);
          else held.delete(path);
        }
        expect(paths(tree.ofFilter("#"))).toEqual([...held].sort());
        for (const path of held) expect(tree.get(path)).toBe(path);
      }),
    );
  });
});
