/** The registrar killed at any moment: what was answered holds, what it is made anew from gives the same accounts, and the same digest. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { registrarMaker } from "../../../infra/actors/actor-makers.js";
import { createManagerHost } from "../../../infra/journal/manager-host.js";
import { memoryJournal } from "../../../infra/journal/memory-journal.js";
import { createAccountBook } from "../../../infra/registry/account-book.js";
import { createRegistrarDesk } from "../../../infra/registry/registrar-desk.js";
import type { Outcome } from "../../../infra/registry/registry.js";
import type { Ask } from "../../../market/managers/registrar/asks.js";
import { countPresent } from "../../../market/rules/guests.js";
import { watt } from "../../../shared/units.js";
import { sha256 } from "../../market/managers/recording-ports.js";
import { first, member, startMs, terms } from "../../market/managers/sample-terms.js";

type WithoutId<Asked> = Asked extends unknown ? Omit<Asked, "askId"> : never;
type Step = WithoutId<Ask> | "kill" | "full disk" | "an hour";

const key = { saltBase64: "c2FsdA==", hashBase64: "aGFzaA==", iterations: 101 };
const own = { ...terms, members: [member("h1")] };

/** A registrar over a journal that outlives it; its turns end when they are ended. */
function registrar() {
  let isFull = false;
  const journal = memoryJournal(() => {
    if (isFull) throw new Error("the disk is full");
  });
  const book = createAccountBook(own.members, []);
  let nowMs = startMs;
  const host = createManagerHost<"api">({
    ...{ role: "api", market: own.market, startMs, digest: sha256, programVersion: "test", journal },
    ...{ make: registrarMaker(own), now: () => nowMs, acknowledge: () => {}, refuse: () => {} },
    release: (output) => {
      if (output.kind !== "fact") return;
      book.learn(output.fact);
      desk.record(output.fact);
    },
    onDown: () => desk.giveUp(),
  });
  const desk = createRegistrarDesk(() => host);
  host.restart();
  host.take({ type: "POLICY", policy: { mode: "open", capacityW: watt(7000), maxParticipants: 4 } } as never);
  host.commit();
  return {
    ...{ host, desk, book, journal },
    wait: (forMs: number) => {
      nowMs += forMs;
    },
    fill: (full: boolean) => {
      isFull = full;
    },
  };
}

const id = fc.constantFrom("h1", "p1", "p2", "p3", "p4");
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    ...{ type: fc.constant("REGISTER" as const), id, role: fc.constantFrom("prosumer" as const, "meter" as const) },
    ...{ capacityW: fc.constantFrom(null, watt(3000), watt(9000)), connectionPoint: fc.constant(null) },
    ...{
      phase: fc.constant(null),
      key: fc.constant(key),
      by: fc.constantFrom("stranger" as const, "operator" as const),
    },
    invitation: fc.constantFrom(null, "code"),
  }),
  fc.record({ type: fc.constant("GUEST" as const), id, key: fc.constantFrom(null, key) }),
  fc.record({
    ...{ type: fc.constant("REGISTER" as const), id, role: fc.constant("prosumer" as const), key: fc.constant(key) },
    ...{ capacityW: fc.constant(null), connectionPoint: fc.constant(null), phase: fc.constant(null) },
    ...{ by: fc.constant("operator" as const), invitation: fc.constant(null), adopts: fc.constant(true as const) },
  }),
  fc.record({ type: fc.constantFrom("LEAVE" as const, "RESUME" as const), id }),
  fc.record({ type: fc.constant("SUSPEND" as const), id, reason: fc.constantFrom("one", "two") }),
  fc.record({ type: fc.constant("RENEW_KEY" as const), id, key: fc.constant({ ...key, hashBase64: "bmV3" }) }),
  fc.record({ type: fc.constant("CHANGE" as const), id, change: fc.constant({ capacityW: watt(5000) }) }),
  fc.constant({ type: "INVITE", hash: "code", role: "meter", uses: 1, expiresAtMs: startMs + 7_200_000 } as const),
  fc.constant({ type: "REVOKE_INVITATION", hash: "code" } as const),
  fc.record({
    ...{ type: fc.constant("KEEP_DRAFT" as const), participant: id, draftId: fc.constantFrom("a", "b") },
    ...{ kind: fc.constantFrom("BID" as const, "INFO" as const), message: fc.constant({ period: first }) },
  }),
  fc.record({ type: fc.constant("DROP_DRAFT" as const), participant: id, draftId: fc.constantFrom("a", "b") }),
  fc.constantFrom("kill" as const, "full disk" as const, "an hour" as const),
);

describe("the registrar", () => {
  it("is the same after any kill: each asking is answered once, and what was answered is in its journal", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const { host, desk, book, journal, wait, fill } = registrar();
        const answers: Promise<Outcome>[] = [];
        for (const one of steps) {
          if (one === "an hour") wait(3_600_000);
          else if (one === "kill") {
            host.kill();
            desk.giveUp();
            host.restart(); // throws where the fold's digest is another
          } else if (one === "full disk") {
            fill(true);
            answers.push(desk.ask({ type: "LEAVE", id: "h1" }));
            host.commit();
            fill(false);
            host.restart();
          } else {
            answers.push(desk.ask(one));
            if (answers.length % 3 > 0) host.commit(); // else with the next, in one turn, or lost by a kill
          }
        }
        host.commit();
        const outcomes = await Promise.all(answers);
        const told = [...journal.facts()].filter((fact) => fact.type === "answered");
        expect(told).toHaveLength(outcomes.filter((one) => one.ok || one.code !== "market-closed").length);
        const again = createAccountBook(own.members, journal.facts());
        expect(again.accounts()).toEqual(book.accounts());
        expect(again.invitations(startMs)).toEqual(book.invitations(startMs));
        expect(countPresent(book.accounts()).participants).toBeLessThanOrEqual(4);
        for (const { id: participant } of book.accounts())
          expect(again.drafts(participant, startMs)).toEqual(book.drafts(participant, startMs));
      }),
      { numRuns: 60 },
    );
  });

  it("does not answer as long as it is down", async () => {
    const { host, desk } = registrar();
    host.kill();
    expect(await desk.ask({ type: "LEAVE", id: "h1" })).toMatchObject({ ok: false, code: "market-closed" });
    host.restart();
    const answer = desk.ask({ type: "LEAVE", id: "h1" });
    host.commit();
    expect(await answer).toEqual({ ok: true });
  });
});
