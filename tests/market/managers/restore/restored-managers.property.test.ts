import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stateText } from "../../../../infra/journal/state-text.js";
import { stream } from "../../../../shared/random-stream.js";
import {
  type ManagerInput,
  type ManagerRole,
  managerLife,
  managerRoles,
  type Said,
  type Setting,
} from "./manager-life.js";
import { marketHistory } from "./market-history.js";
import { settings } from "./market-settings.js";

interface Told {
  /** What was said to each input. */
  readonly said: readonly (readonly Said[])[];
  /** The state at the end. */
  readonly text: string;
}

/** @param isCut whether the manager is written down and stopped after an input, and made anew from what was written */
function live(role: ManagerRole, setting: Setting, inputs: readonly ManagerInput[], isCut: () => boolean): Told {
  let life = managerLife(role, setting);
  const said = inputs.map((input) => {
    const answer = life.take(input);
    if (isCut()) {
      const saved = life.save();
      life.stop();
      life = managerLife(role, setting, saved);
    }
    return answer;
  });
  const text = life.text();
  life.stop();
  return { said, text };
}

const firstSeed = 1;
const firstHistories = new Map(settings.map(([, setting]) => [setting, marketHistory(setting, firstSeed)]));

describe.each(settings)("the managers of a market with %s", (_name, setting) => {
  it("go on as if they had never been stopped, wherever they are written down and restored", () => {
    const shareOfCuts = fc.constantFrom(0.01, 0.1);
    fc.assert(
      fc.property(fc.nat({ max: 1_000_000 }), shareOfCuts, (seed, share) => {
        const known = seed === firstSeed ? firstHistories.get(setting) : undefined;
        const { inputs } = known ?? marketHistory(setting, seed);
        for (const role of managerRoles) {
          const chance = stream(seed, role, "cuts");
          const whole = live(role, setting, inputs[role], () => false);
          const restored = live(role, setting, inputs[role], () => chance.uniform() < share);
          const differs = whole.said.findIndex((said, at) => stateText(said) !== stateText(restored.said[at]));
          if (differs >= 0) expect(restored.said[differs], `${role}, input ${differs}`).toEqual(whole.said[differs]);
          expect(differs, `${role}: the first input that is answered otherwise`).toBe(-1);
          expect(restored.text === whole.text, `${role} ends in the same state`).toBe(true);
        }
      }),
      { numRuns: 2, examples: [[firstSeed, 0.2]], endOnFailure: true },
    );
  });
});

describe("the histories that managers are restored in", () => {
  it("hold all that the managers know: every fact, hand-over and phase, refusals of all kinds, and what comes late", () => {
    const seen = new Set([...firstHistories.values()].flatMap(({ seen: one }) => [...one]));
    const facts = ["book", "notified", "fate", "trade", "cut", "cleared", "contract", "metered", "settled", "entry"];
    const handed = ["contracts", "members", "metered", "metered as a correction", "grants"];
    const told = ["private/bills", "private/statement", "private/tariff", "public/trades", "public/market-state"];
    expect([...seen]).toEqual(
      expect.arrayContaining([
        ...[...facts, "bill", "billed", "head", "rejected"].map((fact) => `fact ${fact}`),
        ...handed.map((kind) => `handed ${kind}`),
        ...told.map((topic) => `elecbay/main/${topic}`),
        ...["accepted", "bad-message", "credit-exceeded", "gate-closed", "market-closed", "no-orders-in-pool"],
        ...["not-owner", "not-registered", "rate-limited", "request-id-reused", "unknown-item", "unknown-period"],
        ...["zoe joins as a guest", "# is metered, but its contracts have not come# it waits for them"],
        "no reading for # and until one comes# estimated as contracted",
      ]),
    );
  });
});
