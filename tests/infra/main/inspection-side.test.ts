/** What a program makes of `manage/inspect`, heard at once, once more, or long after it was asked. */
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { steppedClock } from "../../../infra/clock/stepped-clock.js";
import { openInspectionSide } from "../../../infra/main/inspection-side.js";
import { loadSecrets } from "../../../infra/main/secrets.js";
import type { ConnectionOptions } from "../../../infra/mqtt/connection.js";
import { loadScenario } from "../../../infra/scenario/load-scenario.js";
import { manageInspect, manageInspecting } from "../../../shared/messages/inspection.js";
import { topicsOf } from "../../../shared/topics.js";

const startMs = Date.UTC(2026, 10, 23, 10);
const minuteMs = 60_000;
const topic = topicsOf("main").manage("inspect");
const { terms } = loadScenario("scenarios/thesis-microgrid.yaml");

/** A program on a broker that keeps what is retained and gives everybody everything. */
async function program({ isHost = true, retained = "" } = {}) {
  const wall = steppedClock(startMs);
  const sent: string[] = [];
  let heard: ConnectionOptions["onMessage"] = () => {};
  let will: ConnectionOptions["will"];
  const published: { readonly to: string; readonly text: string }[] = [];
  const hear = (text: string, isRetained: boolean): void => heard(topic, Buffer.from(text), isRetained);
  const side = await openInspectionSide({
    ...{ terms, url: "mqtt://broker", program: isHost ? "up" : "bots", isHost, secrets: loadSecrets(undefined) },
    ...{ distFolder: resolve("dist"), marketNow: () => 0, actors: undefined, allowsSending: false },
    log: { info: () => {}, warn: () => {} },
    world: {
      wall,
      async connect(options) {
        heard = options.onMessage;
        will = options.will;
        return {
          publish(to, text) {
            if (to === topic) sent.push(text);
            published.push({ to, text });
          },
          async subscribe() {
            if (retained !== "") hear(retained, true);
          },
          ...{ unsubscribe: async () => {}, isConnected: () => true, unacknowledged: () => 0 },
          ...{ flushed: async () => {}, end: async () => {} },
        };
      },
    },
  });
  const minutesLeft = (): number | undefined => {
    const { on, untilMs = 0 } = side.inspection.state();
    return on ? Math.round((untilMs - wall.now()) / minuteMs) : undefined;
  };
  const hearWill = () => heard(will?.topic ?? "", Buffer.from(will?.payload ?? ""), true);
  return {
    ...{ side, wall, sent, hear, minutesLeft, published, hearWill },
    kept: () => manageInspect.parse(JSON.parse(sent.at(-1) ?? "")),
  };
}

const asked = (request: object): string => JSON.stringify({ v: 1, on: true, forMinutes: 15, ...request });

describe("an inspection that is asked for on manage/inspect", () => {
  it("is kept by the market with the instant of its end", async () => {
    const { hear, kept, minutesLeft } = await program();
    hear(asked({ actors: ["bidding"] }), false);
    expect(minutesLeft()).toBe(15);
    expect(kept()).toMatchObject({ on: true, actors: ["bidding"], until: "2026-11-23T10:15:00Z" });
  });

  it("ends when it was to end, however often its message is heard again", async () => {
    const { hear, sent, wall, minutesLeft } = await program();
    hear(asked({}), false);
    wall.advanceTo(startMs + 10 * minuteMs);
    hear(sent.at(-1) ?? "", true);
    expect(minutesLeft()).toBe(5);
    wall.advanceTo(startMs + 15 * minuteMs);
    expect(minutesLeft()).toBeUndefined();
    expect(sent.at(-1)).toBe("");
  });

  it("does not begin anew in a program that hears the same message with its next connection", async () => {
    const { hear, wall, minutesLeft } = await program({ isHost: false, retained: asked({}) });
    wall.advanceTo(startMs + 10 * minuteMs);
    hear(asked({}), true);
    expect(minutesLeft()).toBe(5);
  });

  it("goes on for the rest of its time in a program that starts later", async () => {
    const { minutesLeft } = await program({ retained: asked({ until: "2026-11-23T10:04:00Z" }) });
    expect(minutesLeft()).toBe(4);
  });

  it("is not switched on by a message whose end is past, which the market clears", async () => {
    const { sent, minutesLeft } = await program({ retained: asked({ until: "2026-11-23T09:59:00Z" }) });
    expect(minutesLeft()).toBeUndefined();
    expect(sent).toEqual([""]);
  });

  it("lasts a day at most, whatever end it names", async () => {
    const { hear, minutesLeft } = await program();
    hear(asked({ until: "2031-01-01T00:00:00Z" }), false);
    expect(minutesLeft()).toBe(24 * 60);
  });

  it("is what REST asked last, also where all of it comes back only afterwards", async () => {
    const { side, sent, hear, minutesLeft } = await program();
    side.switch.turn({ on: true, forMinutes: 5 });
    side.switch.turn({ on: false });
    side.switch.turn({ on: true, forMinutes: 30 });
    for (const text of [...sent]) hear(text, false);
    expect(minutesLeft()).toBe(30);
    expect(manageInspect.parse(JSON.parse(sent.at(-1) ?? ""))).toMatchObject({ on: true, forMinutes: 30 });
  });

  it("is told with its end also where REST has asked", async () => {
    const { side, kept, minutesLeft } = await program();
    side.switch.turn({ on: true, forMinutes: 30 });
    expect(kept()).toMatchObject({ on: true, until: "2026-11-23T10:30:00Z" });
    expect(minutesLeft()).toBe(30);
  });
});

describe("a program that tells of actors", () => {
  it("leaves a last will that names it as its nodes do, and takes it back where only its connection broke off", async () => {
    const { side, published, hearWill } = await program({ isHost: false });
    side.inspection.node("bot1");
    const told = published.find(({ to }) => to.endsWith("/manage/inspecting/bot1"));
    const { program: name } = manageInspecting.parse(JSON.parse(told?.text ?? ""));
    expect(name).toMatch(/^bots-[0-9a-f]{8}$/);
    hearWill();
    expect(published.at(-1)).toEqual({ to: topicsOf("main").inspectGone(name ?? ""), text: "" });
  });
});
