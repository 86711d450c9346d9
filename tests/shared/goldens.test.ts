import { describe, expect, it } from "vitest";
import type { Channel } from "../../shared/messages/channel.js";
import { channels } from "../../shared/messages/channels.js";
import { inChannels } from "../../shared/messages/participant-channels.js";
import {
  inTopics,
  manageNodeTopics,
  managePeriodTopics,
  manageProgramTopics,
  manageRoleTopics,
  manageTopics,
  privatePeriodTopics,
  privateTopics,
  publicPeriodTopics,
  publicTopics,
} from "../../shared/topics.js";
import { changedAt, type Leaf, leavesOf } from "./leaves.js";

interface Golden {
  readonly title: string;
  readonly channel: Channel;
  readonly example: object;
}

const goldens: Golden[] = channels.flatMap((channel) =>
  channel.examples.map((example, index) => ({ title: `${channel.address} ${index + 1}`, channel, example })),
);

const accepts = (channel: Channel, message: unknown) => channel.schema.safeParse(message).success;

/** Every message got from a golden one by changing each leaf that `pick` names, with the leaf's path. */
function spoilt(golden: Golden, pick: (leaf: Leaf) => unknown): { path: string; taken: boolean }[] {
  return (
    leavesOf(golden.example)
      // Each command in a batch is read on its own, so that one bad entry spoils no other.
      .filter((leaf) => !leaf.path.includes("command") && pick(leaf) !== undefined)
      .map((leaf) => ({
        path: leaf.path.join("."),
        taken: accepts(golden.channel, changedAt(golden.example, leaf.path, pick(leaf))),
      }))
  );
}

const numberNamed = (leaf: Leaf, name: RegExp) =>
  typeof leaf.value === "number" && name.test(leaf.name) ? leaf.value : undefined;

function withOneDecimalTooMany(leaf: Leaf): unknown {
  const fine = numberNamed(leaf, /PerKwh$|^(amount|total|value|savings|freeFunds|funds|priceFloor|priceCap)$/);
  if (fine !== undefined && leaf.path.at(0) !== "cuts") return fine + 0.0000004;
  // A typical curve is a mean of many homes: read as it comes.
  const coarse = leaf.name === "typicalKw" ? undefined : numberNamed(leaf, /Kwh$|Kw$/);
  return coarse === undefined ? undefined : coarse + 0.0004;
}

const isInstant = (leaf: Leaf) =>
  typeof leaf.value === "string" && /^\d{4}-\d\d-\d\dT/.test(leaf.value) && leaf.name !== "deadline";

describe.each(goldens)("golden message $title", (golden) => {
  const { channel, example } = golden;

  it("is accepted by its schema and comes back from JSON as it went in", () => {
    const parsed = channel.schema.parse(example);
    const returned: unknown = JSON.parse(JSON.stringify(parsed));
    expect(returned).toEqual(example);
    expect(channel.schema.parse(returned)).toEqual(parsed);
  });

  it("is refused without any one of its top-level fields that the schema requires", () => {
    const refused = Object.keys(example).filter((name) => {
      const { [name]: _left, ...rest } = example as Record<string, unknown>;
      return !accepts(channel, rest);
    });
    expect(refused.length).toBeGreaterThan(0);
  });

  it("is refused when energy, power, price or money has a decimal too many", () => {
    expect(spoilt(golden, withOneDecimalTooMany).filter((change) => change.taken)).toEqual([]);
  });

  it("is refused with 29 February of a year that has none", () => {
    const changes = spoilt(golden, (leaf) => {
      if (leaf.name === "ts" && channel.address.startsWith("in/")) return undefined;
      if (isInstant(leaf)) return "2013-02-29T00:30:00Z";
      return leaf.name === "date" || leaf.name === "day" ? "2013-02-29" : undefined;
    });
    expect(changes.filter((change) => change.taken)).toEqual([]);
  });

  it("is refused in another version of the contract", () => {
    const changes = spoilt(golden, (leaf) => (leaf.name === "v" && leaf.path.length === 1 ? 2 : undefined));
    expect(changes.filter((change) => change.taken)).toEqual([]);
    expect(changes.length).toBe(channel.address === "manage/ack/<role>" ? 0 : 1);
  });
});

describe("what participants send", () => {
  const sent = goldens.filter(({ channel }) => inChannels.includes(channel));

  it.each(sent)("is refused with an unknown field: $title", ({ channel, example }) => {
    expect(accepts(channel, { ...example, colour: "red" })).toBe(false);
  });

  it.each(sent)("is flat and fits into 4 kB: $title", ({ channel, example }) => {
    if (channel.address !== "in/<id>/batch") {
      expect(Object.values(example).filter((value) => typeof value === "object")).toEqual([]);
    }
    expect(JSON.stringify(example).length).toBeLessThanOrEqual(4096);
  });

  it("may not be an action of another topic", () => {
    const items = inChannels.find(({ address }) => address === "in/<id>/items");
    const cancel = { v: 1, requestId: "a1", action: "cancel", orderId: "o9" };
    expect(items?.schema.safeParse(cancel).success).toBe(false);
    const orders = inChannels.find(({ address }) => address === "in/<id>/orders");
    expect(orders?.schema.safeParse(cancel).success).toBe(true);
  });

  it("names no request with a space, nothing, or more than 64 characters", () => {
    const orders = inChannels.find(({ address }) => address === "in/<id>/orders");
    const cancel = (requestId: unknown) => ({ v: 1, requestId, action: "cancel", orderId: "o9" });
    expect(orders?.schema.safeParse(cancel("x".repeat(64))).success).toBe(true);
    for (const bad of ["", "a b", "x".repeat(65), 7, null]) {
      expect(orders?.schema.safeParse(cancel(bad)).success).toBe(false);
    }
  });

  it("holds no negative energy where the side is named", () => {
    const orders = inChannels.find(({ address }) => address === "in/<id>/orders");
    const placed = orders?.examples[0];
    expect(orders?.schema.safeParse({ ...placed, energyKwh: -0.5 }).success).toBe(false);
  });
});

describe("what the market sends", () => {
  it.each(goldens.filter(({ channel }) => channel.address.startsWith("public/")))(
    "may grow by fields that an older client does not know: $title",
    ({ channel, example }) => {
      expect(accepts(channel, { ...example, colour: "red" })).toBe(true);
    },
  );
});

describe("the table of channels", () => {
  const named = (area: string, names: readonly string[], last = "") => names.map((name) => `${area}/${name}${last}`);

  it("has each topic that topics.ts can build, once, and no other", () => {
    const built = [
      ...named("public", publicTopics),
      ...named("public", publicPeriodTopics, "/<p>"),
      ...named("in/<id>", inTopics),
      ...named("private/<id>", privateTopics),
      ...named("private/<id>", privatePeriodTopics, "/<p>"),
      ...named("manage", manageTopics),
      ...named("manage", managePeriodTopics, "/<p>"),
      ...named("manage", manageRoleTopics, "/<role>"),
      ...named("manage", manageNodeTopics, "/<node>"),
      ...named("manage", manageProgramTopics, "/<program>"),
      ...["machine/<machine>", "actor/<actor>", "events"].map((rest) => `inspect/<node>/${rest}`),
    ];
    expect(channels.map(({ address }) => address).sort()).toEqual(built.sort());
  });

  it("holds enough energies, prices and sums of money for a decimal too many to be noticed", () => {
    expect(goldens.flatMap((golden) => spoilt(golden, withOneDecimalTooMany)).length).toBeGreaterThan(100);
  });

  it("gives every topic at least one golden message", () => {
    expect(channels.filter(({ examples }) => examples.length === 0)).toEqual([]);
  });
});
