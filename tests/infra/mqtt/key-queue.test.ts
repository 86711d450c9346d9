import { describe, expect, it } from "vitest";
import { createKeyQueue } from "../../../infra/mqtt/key-queue.js";

const limits = {
  ...{ mostHashedAtOnce: 2, mostLoginsWaiting: 5, mostLoginsWaitingOfAddress: 4, freeFailures: 2 },
  ...{ delayPerFailureMs: 100, longestDelayMs: 250, failuresKeptForMs: 1000, mostAddressesKept: 3 },
};

function stage() {
  let nowMs = 0;
  const waited: number[] = [];
  const queue = createKeyQueue(limits, {
    now: () => nowMs,
    wait: async (delayMs) => void waited.push(delayMs),
  });
  return {
    ...{ queue, waited },
    pass: (ms: number) => {
      nowMs += ms;
    },
    /** Begins to compare; `finish` ends it. */
    begin(address: string) {
      let finish = (): void => {};
      let hasBegun = false;
      const ended = queue.compare(address, () => {
        hasBegun = true;
        return new Promise((resolve) => {
          finish = () => resolve(true);
        });
      });
      ended.catch(() => {});
      return { ended, hasBegun: () => hasBegun, finish: () => finish() };
    },
  };
}
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("the queue of keys to be compared", () => {
  it("compares two at once, and the others in the order of coming", async () => {
    const { begin } = stage();
    const all = ["a", "b", "c", "d"].map(begin);
    await turn();
    const begun = () => all.map(({ hasBegun }) => hasBegun());
    expect(begun()).toEqual([true, true, false, false]);
    all[1]?.finish();
    await turn();
    expect(begun()).toEqual([true, true, true, false]);
    all[0]?.finish();
    all[2]?.finish();
    await turn();
    all[3]?.finish();
    expect(await Promise.all(all.map(({ ended }) => ended))).toEqual([true, true, true, true]);
  });

  it("turns away who comes when too many wait, of one address or in all", async () => {
    const { begin } = stage();
    const four = ["a", "a", "a", "a"].map(begin);
    await expect(begin("a").ended).rejects.toThrow("too many logins at once");
    begin("b");
    await expect(begin("c").ended).rejects.toThrow("too many logins at once");
    await turn();
    four[0]?.finish();
    await four[0]?.ended;
    const late = begin("c");
    await turn();
    for (const one of [...four, late]) one.finish();
    expect(late.hasBegun()).toBe(false); // in its turn, not turned away
  });

  it("takes more from loopback, where a swarm comes from", async () => {
    const { begin } = stage();
    const five = ["127.0.0.1", "127.0.0.1", "127.0.0.1", "127.0.0.1", "127.0.0.1"].map(begin);
    await turn();
    for (let ended = 0; ended < 5; ended += 1) {
      for (const one of five) one.finish();
      await turn();
    }
    expect(await Promise.all(five.map(({ ended }) => ended))).toEqual([true, true, true, true, true]);
  });

  it("lets an address wait the longer the more wrong passwords came from there, until they are forgotten", async () => {
    const { queue, waited, pass } = stage();
    for (let failures = 0; failures < 7; failures += 1) {
      await queue.penance("a");
      queue.failed("a");
    }
    expect(waited).toEqual([100, 200, 250, 250]);
    await queue.penance("b");
    await queue.compare("a", async () => true);
    expect(waited).toEqual([100, 200, 250, 250, 250]);
    pass(1001);
    await queue.compare("a", async () => true);
    expect(waited).toHaveLength(5);
  });

  it("remembers the addresses that failed last", async () => {
    const { queue, waited } = stage();
    for (const address of ["a", "a", "a", "b", "b", "b", "a", "c", "d"]) queue.failed(address);
    await queue.penance("b"); // the one whose failures are the oldest
    await queue.penance("a");
    expect(waited).toEqual([200]);
  });
});
