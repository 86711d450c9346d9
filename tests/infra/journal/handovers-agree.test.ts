/** Journals of one market that were not kept together: each actor notices before it says anything. */
import { describe, expect, it } from "vitest";
import { assertHandoversAgree } from "../../../infra/journal/handovers-agree.js";
import type { HandedOver } from "../../../infra/journal/journal.js";
import { memoryJournal } from "../../../infra/journal/memory-journal.js";
import { createTakenNumbers, noteTaken } from "../../../infra/journal/taken-numbers.js";

/** The exchange takes bidding's contracts; bidding has handed over so many, of which the exchange has acknowledged some. */
function exchangeHas(took: readonly number[], { handed, acknowledged }: { handed: number; acknowledged: number[] }) {
  const bidding = memoryJournal();
  const handedOver = Array.from({ length: handed }, (_, place): HandedOver => {
    const n = place + 1;
    return { n, topic: `elecbay/main/manage/contracts/${n}`, message: { n }, receivers: ["exchange", "settlement"] };
  });
  bidding.append([{ n: 1, atMs: 0, event: null, reply: null, facts: [], handedOver, digest: "" }], new Map());
  for (const n of acknowledged) bidding.acknowledged(n, "exchange");
  const taken = createTakenNumbers();
  for (const n of took) noteTaken(taken, "bidding", n);
  return () =>
    assertHandoversAgree("main", "exchange", taken, (role, read) => (role === "bidding" ? read(bidding) : undefined));
}

describe("what an actor took and what its senders handed over", () => {
  it("agrees where all was taken, or waits to be sent again", () => {
    expect(exchangeHas([], { handed: 0, acknowledged: [] })).not.toThrow();
    expect(exchangeHas([1, 2, 3], { handed: 3, acknowledged: [1, 2, 3] })).not.toThrow();
    expect(exchangeHas([1, 2], { handed: 4, acknowledged: [1] })).not.toThrow();
  });

  it("is refused where the receiver is ahead of its sender", () => {
    expect(exchangeHas([1, 2, 3], { handed: 2, acknowledged: [1, 2] })).toThrow(
      /exchange took hand-over 3 of bidding, whose journal ends with 2; restore a backup of all/,
    );
    expect(exchangeHas([1], { handed: 0, acknowledged: [] })).toThrow(/ends with none/);
  });

  it("is refused where the receiver is behind what it has acknowledged, however much waits since", () => {
    expect(exchangeHas([1], { handed: 3, acknowledged: [1, 2] })).toThrow(
      /exchange has acknowledged hand-over 2 of bidding, which its own journal lacks/,
    );
    expect(exchangeHas([], { handed: 100, acknowledged: [1] })).toThrow(/acknowledged hand-over 1 of bidding/);
  });
});
