/** Commands of a recorded run under ids that other rules have given. */
import { describe, expect, it } from "vitest";
import type { ActorEvent } from "../../../infra/journal/journal.js";
import { createObjectNames } from "../../../infra/replay/object-names.js";

const command = (content: object): ActorEvent =>
  ({ type: "COMMAND", packet: { sender: "ann", topic: "orders", payload: JSON.stringify(content) } }) as ActorEvent;
const contentOf = (event: ActorEvent): unknown =>
  JSON.parse((event as unknown as { packet: { payload: string } }).packet.payload);
const accepted = (orderId: string) => ({ status: "accepted", orderId });
const rejected = { status: "rejected", code: "credit-exceeded" };

describe("a command under other ids", () => {
  it("speaks of the order it spoke of, though that has another id now", () => {
    const names = createObjectNames();
    names.answered(accepted("o1"), rejected);
    names.answered(accepted("o2"), accepted("o1"));
    expect(contentOf(names.translated(command({ action: "cancel", orderId: "o2" })))).toMatchObject({ orderId: "o1" });
    expect(names.nameless()).toBe(0);
  });

  it("never hits somebody else's order where its own was not accepted", () => {
    const names = createObjectNames();
    names.answered(accepted("o1"), rejected);
    names.answered(accepted("o2"), accepted("o1"));
    expect(contentOf(names.translated(command({ action: "cancel", orderId: "o1" })))).toMatchObject({
      orderId: "none",
    });
    expect(names.nameless()).toBe(1);
  });

  it("stays as it was, letter by letter, where nothing is named otherwise", () => {
    const names = createObjectNames();
    names.answered(accepted("o1"), accepted("o1"));
    const event = command({ orderId: "o1", action: "cancel" });
    expect(names.translated(event)).toEqual(event);
    const garbage = { type: "COMMAND", packet: { payload: "{" } } as unknown as ActorEvent;
    expect(names.translated(garbage)).toEqual(garbage);
  });

  it("is cut by the DSO under its id of now", () => {
    const names = createObjectNames();
    names.answered(accepted("o7"), accepted("o3"));
    const limits = {
      type: "LIMITS",
      message: { n: 1, cuts: [{ orderId: "o7", cutKwh: 1 }], limits: [] },
    } as ActorEvent;
    expect(names.translated(limits)).toMatchObject({ message: { cuts: [{ orderId: "o3" }] } });
  });
});
