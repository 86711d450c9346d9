/** The simulated broker does what MQTT may do, and no more. */
import { describe, expect, it } from "vitest";
import { createBroker } from "./broker.js";
import { covers } from "./topic-filter.js";
import { createWall } from "./wall.js";

const never = { latencyMs: () => 1, repeats: () => false, noticedAfterMs: () => 100 };

function room(chance = never) {
  const wall = createWall(0);
  const broker = createBroker(wall, chance, () => {});
  const join = (clientId: string, filters: string[], clean = false) => {
    const heard: string[] = [];
    const client = broker.connect({
      ...{ clientId, clean, will: { topic: `will/${clientId}`, payload: "gone" } },
      onMessage: (topic, payload, retained) => void heard.push(`${topic} ${payload}${retained ? " (retained)" : ""}`),
      onConnect: (present) => {
        if (!present) client.subscribe(filters, () => {});
      },
      onDisconnect: () => {},
    });
    return { client, heard };
  };
  const until = (atMs: number): void => {
    let passed = false;
    wall.at(atMs, () => {
      passed = true;
    });
    while (!passed) wall.step();
  };
  return { wall, broker, join, until };
}

describe("the simulated broker", () => {
  it("covers topics as MQTT's filters do", () => {
    expect(covers("a/+/c", "a/b/c")).toBe(true);
    expect(covers("a/#", "a/b/c")).toBe(true);
    expect(covers("a/+", "a/b/c")).toBe(false);
    expect(covers("a/b/c", "a/b")).toBe(false);
    expect(covers("a/b", "a/b/c")).toBe(false);
    expect(covers("+/b", "a/b")).toBe(true);
  });

  it("delivers in order, keeps for a session what comes while it is away, and forgets for a clean one", () => {
    const { broker, join, until } = room();
    const [kept, clean, sender] = [join("kept", ["t/+"]), join("clean", ["t/+"], true), join("sender", [])];
    until(1000);
    sender.client.publish("t/1", "a", false);
    sender.client.publish("t/1", "b", false);
    until(2000);
    broker.breakConnection("kept", 3000);
    broker.breakConnection("clean", 3000);
    until(2500);
    sender.client.publish("t/1", "c", false);
    until(9000);
    expect(kept.heard).toEqual(["t/1 a", "t/1 b", "t/1 c"]);
    expect(clean.heard).toEqual(["t/1 a", "t/1 b"]);
  });

  it("lets a sender send again what was not acknowledged, and publishes the last will of who is gone", () => {
    const { broker, join, until } = room();
    const [hearer, sender] = [join("hearer", ["#"]), join("sender", [])];
    until(1000);
    sender.client.publish("t", "a", true);
    broker.breakConnection("sender", 2000);
    until(1500);
    expect(hearer.heard).toEqual(["will/sender gone"]);
    until(5000);
    expect(hearer.heard).toEqual(["will/sender gone", "t a"]);
    expect(broker.retained.get("t")).toBe("a");
    const late = join("late", ["t"]);
    until(7000);
    expect(late.heard).toEqual(["t a (retained)"]);
    sender.client.publish("t", "", true);
    until(8000);
    expect(broker.retained.has("t")).toBe(false);
  });

  it("repeats a message where chance says so", () => {
    const { join, until } = room({ ...never, repeats: () => true });
    const [hearer, sender] = [join("hearer", ["t"]), join("sender", [])];
    until(1000);
    sender.client.publish("t", "a", false);
    until(2000);
    expect(hearer.heard.length).toBeGreaterThan(1);
  });

  it("forgets in a restart what it is told to forget", () => {
    const { broker, join, until } = room();
    const [hearer, sender] = [join("hearer", ["t"]), join("sender", [])];
    until(1000);
    sender.client.publish("t", "a", true);
    until(1100);
    broker.restart({ keepsSessions: false, keepsRetained: false, downMs: 1000 });
    expect(broker.retained.size).toBe(0);
    until(5000);
    sender.client.publish("t", "b", false);
    until(6000);
    expect(hearer.heard).toEqual(["t a", "t b"]);
  });
});
