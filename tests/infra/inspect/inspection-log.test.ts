import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { inspectChannels } from "../../../shared/messages/inspection-channels.js";

/** A recorded run: `elecbay simulate` of three homes for one period, `--inspect … --inspect-actors bidding home1 settlement`. */
const file = new URL("../../inspect/three-homes.inspect.ndjson", import.meta.url);
const [head, ...lines] = readFileSync(file, "utf8")
  .trimEnd()
  .split("\n")
  .map((line) => JSON.parse(line));

interface LoggedEvent {
  readonly n: number;
  readonly actor: string;
  readonly kind: string;
  readonly type: string;
  readonly from: string | null;
  readonly edges?: readonly string[];
}

const channelOf = (topic: string) =>
  inspectChannels.find(({ address }) => new RegExp(`^${address.replaceAll(/<[a-z]+>/g, "[a-z0-9_-]+")}$`).test(topic));
const eventsOf = (node: string): LoggedEvent[] =>
  lines.filter(({ topic }) => topic === `inspect/${node}/events`).flatMap(({ message }) => message.events);

describe("a recorded inspection", () => {
  it("says first what it is, and holds messages of the contract's topics alone", () => {
    expect(head).toMatchObject({ elecbay: "inspection", v: 1, market: "main" });
    const refused = lines.filter(({ topic, message }) => {
      const channel = channelOf(topic);
      return channel === undefined || (message !== null && !channel.schema.safeParse(message).success);
    });
    expect(refused).toEqual([]);
    expect(lines.length).toBeGreaterThan(50);
  });

  it("misses no event: each node's are numbered without a gap", () => {
    for (const node of ["bidding", "home1", "settlement"]) {
      const numbers = eventsOf(node).map(({ n }) => n);
      expect(numbers).toEqual(numbers.map((_n, index) => index + 1));
      expect(numbers.length).toBeGreaterThan(100);
    }
  });

  it("shows the gate closing in the bidding of the period: by which transition, from which alarm", () => {
    const edges = eventsOf("bidding").flatMap(({ edges: taken = [] }) => taken);
    expect(edges).toContain("bidding-period.open|ALARM|0");
    const closing = eventsOf("bidding").find(({ kind, type }) => kind === "action" && type === "closeGate");
    expect(closing).toBeDefined();
  });

  it("names for each transition an edge of its machine's drawing", () => {
    const drawn = new Set(
      lines
        .filter(({ topic, message }) => topic.includes("/machine/") && message !== null)
        .flatMap(({ message }) => message.edges.map(({ id }: { id: string }) => id)),
    );
    const taken = ["bidding", "home1", "settlement"].flatMap(eventsOf).flatMap(({ edges = [] }) => edges);
    expect(taken.filter((edge) => !drawn.has(edge))).toEqual([]);
    expect(taken.length).toBeGreaterThan(100);
  });

  it("tells across processes who sent what: a home's item to bidding, and bidding's reply to the home", () => {
    expect(eventsOf("bidding")).toContainEqual(
      expect.objectContaining({ kind: "event", type: "COMMAND", from: "home1", topic: "in/home1/items" }),
    );
    expect(eventsOf("home1")).toContainEqual(
      expect.objectContaining({ kind: "event", from: "bidding", topic: "private/home1/replies" }),
    );
    expect(eventsOf("settlement")).toContainEqual(expect.objectContaining({ type: "METERED", from: "exchange" }));
  });
});
