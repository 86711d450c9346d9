import { describe, expect, it } from "vitest";
import {
  type Barrier,
  beginTick,
  createBarrier,
  enrol,
  enrolledCount,
  isMissing,
  isTickComplete,
  leaveOut,
  markAbsent,
  missing,
  takePacket,
  takeReady,
} from "../../../../market/managers/clock/barrier.js";
import { packetOf } from "../recording-ports.js";

function barrierWith(...ids: string[]): Barrier {
  const barrier = createBarrier();
  for (const id of ids) enrol(barrier, id);
  beginTick(barrier, 1, 1000);
  return barrier;
}

const sends = (barrier: Barrier, sender: string, requestId: string | null, topic = "orders") =>
  takePacket(barrier, packetOf(sender, topic, { requestId }, barrier.seq), requestId);

/** What the tick handed over: sender and requestIds. */
const handed = (sent: ReturnType<typeof beginTick>) =>
  Object.fromEntries(
    [...sent].map(([id, packets]) => [id, packets.map(({ payload }) => JSON.parse(payload).requestId)]),
  );

describe("the barrier of a tick", () => {
  it("is complete once everyone enrolled is ready and all that was sent has come", () => {
    const barrier = barrierWith("ann", "bob");
    expect(missing(barrier)).toEqual(["ann", "bob"]);
    expect(takeReady(barrier, "ann", 1, 0)).toBe(true);
    expect(takeReady(barrier, "bob", 1, 2)).toBe(false);
    expect(sends(barrier, "bob", "r1")).toBe("taken");
    expect(isTickComplete(barrier)).toBe(false);
    expect(sends(barrier, "bob", "r2")).toBe("complete");
    expect(isTickComplete(barrier)).toBe(true);
    expect(handed(beginTick(barrier, 2, 1000))).toEqual({ bob: ["r1", "r2"] });
  });

  it("leaves to the next tick what comes after one's ready, in its order", () => {
    const barrier = barrierWith("ann");
    sends(barrier, "ann", "r1");
    takeReady(barrier, "ann", 1, 1);
    sends(barrier, "ann", "r2");
    sends(barrier, "ann", "r3");
    expect(handed(beginTick(barrier, 2, 1000))).toEqual({ ann: ["r1"] });
    sends(barrier, "ann", "r4");
    // r2 and r3 count for tick 2, in which they were sent.
    expect(takeReady(barrier, "ann", 2, 3)).toBe(true);
    expect(handed(beginTick(barrier, 3, 1000))).toEqual({ ann: ["r2", "r3", "r4"] });
    expect(handed(beginTick(barrier, 4, 1000))).toEqual({});
  });

  it("takes more than was promised, and does not count repeats or what has no readable requestId", () => {
    const barrier = barrierWith("ann");
    takeReady(barrier, "ann", 1, 2);
    for (const requestId of ["r1", "r1", null, null]) sends(barrier, "ann", requestId);
    expect(isTickComplete(barrier)).toBe(false);
    sends(barrier, "ann", "r1", "items"); // another topic, another request
    expect(isTickComplete(barrier)).toBe(true);
    // They are handed over all the same: each gets its reply.
    expect(handed(beginTick(barrier, 2, 1000))).toEqual({ ann: ["r1", "r1", null, null, "r1"] });
  });

  it("counts a ready once, and none for another tick", () => {
    const barrier = barrierWith("ann");
    expect(takeReady(barrier, "ann", 2, 0)).toBe(false);
    expect(takeReady(barrier, "ann", 1, 1)).toBe(false);
    expect(takeReady(barrier, "ann", 1, 0)).toBe(false);
    expect(missing(barrier)).toEqual(["ann"]);
    sends(barrier, "ann", "r1");
    expect(isTickComplete(barrier)).toBe(true);
    beginTick(barrier, 2, 1000);
    expect(takeReady(barrier, "ann", 1, 0)).toBe(false);
    expect(missing(barrier)).toEqual(["ann"]);
  });

  it("marks whoever is missing absent, waits no more, and takes it back with a ready for the current tick", () => {
    const barrier = barrierWith("ann", "bob");
    takeReady(barrier, "ann", 1, 0);
    expect(markAbsent(barrier)).toEqual(["bob"]);
    expect(isTickComplete(barrier)).toBe(true);
    beginTick(barrier, 2, 1000);
    expect(missing(barrier)).toEqual(["ann"]);
    expect(enrolledCount(barrier)).toBe(1);
    takeReady(barrier, "bob", 1, 0);
    expect(enrolledCount(barrier)).toBe(1);
    takeReady(barrier, "bob", 2, 0);
    expect(enrolledCount(barrier)).toBe(2);
    beginTick(barrier, 3, 1000);
    expect(missing(barrier)).toEqual(["ann", "bob"]);
  });

  it("waits for an absent one again from the tick after it came online anew", () => {
    const barrier = barrierWith("ann");
    markAbsent(barrier);
    enrol(barrier, "ann");
    expect(enrolledCount(barrier)).toBe(0);
    beginTick(barrier, 2, 1000);
    expect(missing(barrier)).toEqual(["ann"]);
  });

  it("waits no more for one that is known to be gone, also where it was to be enrolled with the next tick", () => {
    const barrier = barrierWith("ann", "bob");
    takeReady(barrier, "ann", 1, 0);
    expect([isMissing(barrier, "ann"), isMissing(barrier, "bob")]).toEqual([false, true]);
    expect(leaveOut(barrier, "bob")).toBe(true);
    expect(isTickComplete(barrier)).toBe(true);
    enrol(barrier, "bob");
    expect(leaveOut(barrier, "bob")).toBe(false);
    beginTick(barrier, 2, 1000);
    expect(missing(barrier)).toEqual(["ann"]);
    takeReady(barrier, "bob", 2, 0);
    expect(enrolledCount(barrier)).toBe(2);
  });

  it("hands over what an absent one sent before it was given up", () => {
    const barrier = barrierWith("ann");
    sends(barrier, "ann", "r1");
    markAbsent(barrier);
    expect(handed(beginTick(barrier, 2, 1000))).toEqual({ ann: ["r1"] });
  });

  it("enrols a late joiner from the next tick on", () => {
    const barrier = barrierWith("ann");
    enrol(barrier, "bob");
    takeReady(barrier, "ann", 1, 0);
    expect(isTickComplete(barrier)).toBe(true);
    beginTick(barrier, 2, 1000);
    expect(missing(barrier)).toEqual(["ann", "bob"]);
  });

  it("does not wait for a stranger who only sends, but hands over what it sent", () => {
    const barrier = barrierWith("ann");
    sends(barrier, "zoe", "r1");
    takeReady(barrier, "ann", 1, 0);
    expect(isTickComplete(barrier)).toBe(true);
    expect(handed(beginTick(barrier, 2, 1000))).toEqual({ zoe: ["r1"] });
  });

  it("drops what is too much to wait for", () => {
    const barrier = barrierWith("ann");
    for (let i = 0; i < 5000; i += 1) sends(barrier, "ann", `r${i}`);
    expect(sends(barrier, "ann", "last")).toBe("dropped");
    expect(beginTick(barrier, 2, 1000).get("ann")).toHaveLength(5000);
    expect(sends(barrier, "ann", "last")).toBe("taken");
  });

  it("waits for a gateway in the place of those under it, and for them again where it is absent", () => {
    const barrier = createBarrier(
      new Map([
        ["ann", "gw1"],
        ["bob", "gw1"],
      ]),
    );
    for (const id of ["ann", "bob", "cat", "gw1"]) enrol(barrier, id);
    beginTick(barrier, 1, 1000);
    expect([missing(barrier), enrolledCount(barrier)]).toEqual([["cat", "gw1"], 2]);
    takeReady(barrier, "cat", 1, 0);
    expect(takeReady(barrier, "gw1", 1, 1)).toBe(false);
    expect(isMissing(barrier, "ann")).toBe(false);
    expect(sends(barrier, "gw1", "b1", "batch")).toBe("complete");
    expect(isTickComplete(barrier)).toBe(true);
    beginTick(barrier, 2, 2000);
    takeReady(barrier, "cat", 2, 0);
    expect(markAbsent(barrier)).toEqual(["gw1"]);
    expect(missing(barrier)).toEqual(["ann", "bob"]);
  });
});
