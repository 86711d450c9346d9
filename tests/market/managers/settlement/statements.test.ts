import { describe, expect, it } from "vitest";
import { headFromProof } from "../../../../market/rules/statement-tree.js";
import { type Statement, statement as statementSchema } from "../../../../shared/messages/private.js";
import { dayMs, hourMs } from "../../../../shared/time.js";
import { sha256 } from "../recording-ports.js";
import { calendar, first, firstMs, startMs, terms } from "../sample-terms.js";
import { billMs, endMs, meteredRoom, people, reading, settlementRoom, trade } from "./settlement-room.js";

/** Midnight after the day in which the first bills go out. */
const billedDayEndMs = startMs + 2 * dayMs;

type Room = ReturnType<typeof settlementRoom>;
const heads = (room: Room) => room.outbox.on("public/statement-head");
const headFacts = (room: Room) => room.facts.flatMap((fact) => (fact.type === "head" ? [fact.head] : []));
const statements = (room: Room, id: string): Statement[] =>
  room.outbox.on(`private/${id}/statement`).map((message) => statementSchema.parse(message));

describe("the day's head", () => {
  it("waits for the end of the first day that has seen a bill, and comes once", () => {
    const room = meteredRoom();
    room.tickAt(startMs + dayMs);
    room.tickAt(billedDayEndMs - 1);
    expect(heads(room)).toEqual([]);
    room.tickAt(billedDayEndMs);
    room.tickAt(billedDayEndMs + hourMs);
    expect(heads(room)).toMatchObject([{ day: "2016-08-02" }]);
    room.tickAt(billedDayEndMs + dayMs);
    expect(heads(room).map(({ day }) => day)).toEqual(["2016-08-02", "2016-08-03"]);
  });

  it("is signed over the market's name, the day and itself, a line each", () => {
    const room = meteredRoom();
    room.tickAt(billedDayEndMs);
    const [{ head = "", signature } = {}] = heads(room) as { head?: string; signature?: string }[];
    expect(signature).toBe(`signed main\n2016-08-02\n${head}`);
    expect(headFacts(room)).toEqual([{ day: "2016-08-02", head, signature }]);
  });

  it("follows from everyone's own last bill, salt and proof, and from nobody else's", () => {
    const room = meteredRoom();
    room.tickAt(billedDayEndMs);
    const { head } = heads(room)[0] as { head: string };
    const salts = people.map((id) => {
      const [own] = statements(room, id);
      const hash = room.bills(id).at(-1)?.hash ?? "";
      expect(own).toMatchObject({ day: "2016-08-02", head, hash });
      const salt = own?.salt ?? "";
      const proof = own?.proof ?? [];
      expect(headFromProof({ participant: id, hash, salt }, proof, sha256)).toBe(head);
      expect(headFromProof({ participant: id, hash: hash.replace(/^./, "x"), salt }, proof, sha256)).not.toBe(head);
      return salt;
    });
    expect(new Set(salts).size).toBe(3);
    expect(room.outbox.on("private/ann-meter/statement")).toEqual([]);
  });

  it("states a bill of a correction that came after", () => {
    const room = meteredRoom([reading("ann", 0, 0.5), reading("bob", 0.5, 0, "estimated"), reading("cat", 0)]);
    room.tickAt(billedDayEndMs);
    room.meter(first, [reading("bob", 0.7)], true);
    room.tickAt(billedDayEndMs + dayMs);
    const [before, after] = headFacts(room);
    expect(statements(room, "bob").at(-1)?.hash).toBe(room.bills("bob").at(-1)?.hash);
    expect(after?.head).not.toBe(before?.head);
  });

  it("of a run that ends comes with the last bills, and is not told again at midnight", () => {
    const room = settlementRoom({ ...terms, calendar: { ...calendar, periods: 1 } });
    room.contract(first, [trade(0.5)]);
    room.tickAt(endMs + hourMs);
    room.meter(first, [reading("ann", 0, 0.5), reading("bob", 0.6), reading("cat", 0)]);
    room.tickAt(billMs);
    expect(headFacts(room)).toMatchObject([{ day: "2016-08-02" }]);
    // Behind the last bills, so that files hold all that the head states before it.
    expect(room.facts.at(-2)).toEqual({ type: "billed", periodMs: firstMs });
    room.tickAt(billedDayEndMs);
    expect(heads(room)).toHaveLength(1);
  });
});
