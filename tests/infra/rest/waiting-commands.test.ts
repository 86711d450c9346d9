import { describe, expect, it } from "vitest";
import { steppedClock } from "../../../infra/clock/stepped-clock.js";
import { mostWaitingOfOne, replyWithinMs, sendAgainAfterMs } from "../../../infra/rest/limits.js";
import { type Command, NoReplyError } from "../../../infra/rest/market-door.js";
import { createWaitingCommands } from "../../../infra/rest/waiting-commands.js";
import type { Reply } from "../../../shared/messages/private.js";

const command = (requestId: string, more: object = {}): Command => ({ v: 1, requestId, ...more });
const replyTo = (requestId: string): Reply => ({
  ...{ v: 1, ts: "2016-08-01T00:30:00Z", requestId, topic: "orders", status: "accepted" },
  acceptedAt: "2016-08-01T00:30:00Z",
});
const turn = () => new Promise((resolve) => setImmediate(resolve));

function stage() {
  const wall = steppedClock(0);
  const published: string[] = [];
  const waiting = createWaitingCommands({ wall });
  const send = (sent: Command) => waiting.send("ann", "orders", sent, () => void published.push(sent.requestId));
  return { wall, published, waiting, send };
}

describe("a command that waits for its reply", () => {
  it("gets the reply to its own topic and requestId, and no other", async () => {
    const { waiting, send } = stage();
    const sent = send(command("a1"));
    waiting.hear("ann", replyTo("a2"));
    waiting.hear("bob", replyTo("a1"));
    waiting.hear("ann", { ...replyTo("a1"), topic: "items" } as Reply);
    expect(waiting.waitsFor("ann")).toBe(true);
    waiting.hear("ann", replyTo("a1"));
    expect(await sent).toEqual(replyTo("a1"));
    expect(waiting.waitsFor("ann")).toBe(false);
  });

  it("is sent once more where nothing is heard, and given up with its requestId", async () => {
    const { wall, published, waiting, send } = stage();
    const sent = send(command("a1"));
    sent.catch(() => {});
    await turn();
    wall.advanceTo(sendAgainAfterMs - 1);
    expect(published).toEqual(["a1"]);
    wall.advanceTo(replyWithinMs - 1);
    expect(published).toEqual(["a1", "a1"]);
    wall.advanceTo(replyWithinMs);
    await expect(sent).rejects.toMatchObject({ name: "NoReplyError", requestId: "a1" });
    expect(waiting.waitsFor("ann")).toBe(false);
  });

  it("that is asked for twice at once is sent once", async () => {
    const { published, waiting, send } = stage();
    const both = [send(command("a1")), send(command("a1"))];
    await turn();
    waiting.hear("ann", replyTo("a1"));
    expect(await Promise.all(both)).toEqual([replyTo("a1"), replyTo("a1")]);
    expect(published).toEqual(["a1"]);
  });

  it("of other content under the same requestId is sent when the first is answered", async () => {
    const { published, waiting, send } = stage();
    const first = send(command("a1"));
    const second = send(command("a1", { energyKwh: 2 }));
    await turn();
    expect(published).toEqual(["a1"]);
    waiting.hear("ann", replyTo("a1"));
    await first;
    await turn();
    expect(published).toEqual(["a1", "a1"]);
    waiting.hear("ann", replyTo("a1"));
    expect(await second).toEqual(replyTo("a1"));
  });

  it("of one participant waits with no more than so many, and all are let go at the end", async () => {
    const { waiting, send } = stage();
    const sent = Array.from({ length: mostWaitingOfOne + 1 }, (_, index) => send(command(`a${index}`)));
    const outcomes = Promise.allSettled(sent);
    await expect(sent.at(-1)).rejects.toThrow(NoReplyError);
    waiting.giveUp();
    expect((await outcomes).every(({ status }) => status === "rejected")).toBe(true);
    expect(waiting.waitsFor("ann")).toBe(false);
  });
});
