import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { answered, type Dispute, finalAt, mostOpenDisputes, raised } from "../../../market/rules/disputes.js";
import { dayMs } from "../../../shared/time.js";

const bill = { billId: "b1", participant: "ann", periodMs: 0, reason: "it is wrong" };
const days = fc.integer({ min: 0, max: 90 });
const instant = fc.integer({ min: 0, max: 200 * dayMs });
const dispute = (more: Partial<Dispute> = {}): Dispute => ({
  ...{ ...bill, raisedAtMs: 0, state: "open", answer: null, answeredAtMs: null },
  ...more,
});

describe("a dispute", () => {
  it("is taken exactly until the bill is final", () => {
    fc.assert(
      fc.property(instant, days, instant, (sentAtMs, disputeDays, nowMs) => {
        const outcome = raised({ ...bill, sentAtMs }, [], disputeDays, nowMs);
        if (nowMs < finalAt(sentAtMs, disputeDays)) expect(outcome).toMatchObject({ state: "open", raisedAtMs: nowMs });
        else expect(outcome).toMatchObject({ code: "dispute-closed" });
      }),
    );
  });

  it("is never taken where bills are final at once", () => {
    fc.assert(
      fc.property(instant, (sentAtMs) => {
        expect(raised({ ...bill, sentAtMs }, [], 0, sentAtMs)).toMatchObject({ code: "dispute-closed" });
      }),
    );
  });

  it("is one for each bill, and so many of a participant wait at a time", () => {
    const others = Array.from({ length: mostOpenDisputes }, (_, n) => dispute({ billId: `c${n}` }));
    expect(raised({ ...bill, sentAtMs: 0 }, [dispute({ state: "rejected" })], 14, 1)).toMatchObject({
      code: "already-disputed",
    });
    expect(raised({ ...bill, sentAtMs: 0 }, others, 14, 1)).toMatchObject({ code: "too-many-disputes" });
    const answeredOnes = others.map((one): Dispute => ({ ...one, state: "rejected" }));
    expect(raised({ ...bill, sentAtMs: 0 }, answeredOnes, 14, 1)).toMatchObject({ state: "open" });
  });

  it("is answered once: the same again is nothing new, another answer is refused", () => {
    const states = fc.constantFrom("upheld" as const, "rejected" as const);
    fc.assert(
      fc.property(states, states, fc.constantFrom("yes", "no"), instant, (state, second, answer, nowMs) => {
        const once = answered(dispute(), { billId: "b1", state, answer: "yes" }, nowMs);
        expect(once).toMatchObject({ state, answer: "yes", answeredAtMs: nowMs });
        if ("code" in once) return;
        const twice = answered(once, { billId: "b1", state: second, answer }, nowMs + 1);
        if (second === state && answer === "yes") expect(twice).toBe(once);
        else expect(twice).toMatchObject({ code: "already-answered" });
      }),
    );
    expect(answered(undefined, { billId: "b9", state: "upheld", answer: "yes" }, 0)).toMatchObject({
      code: "unknown-dispute",
    });
  });
});
