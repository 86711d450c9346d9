import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isParticipantId, isReservedName, processRoles } from "../../shared/participant-id.js";

describe("a participant's id", () => {
  it.each(["h1", "bot12", "a-b_c", "x".repeat(32)])("may be %s", (id) => {
    expect(isParticipantId(id)).toBe(true);
  });

  it.each(["", "h", "1h", "-h1", "H1", "h 1", "h/1", "h+", "h#", "h.1", "é1", "x".repeat(33), "h1\n"])(
    "may not be %j",
    (id) => {
      expect(isParticipantId(id)).toBe(false);
    },
  );

  it("may not be a name that the market keeps for itself", () => {
    for (const name of [...processRoles, "operator", "observer", "market"]) {
      expect(isReservedName(name)).toBe(true);
      expect(isParticipantId(name)).toBe(false);
    }
  });

  it("is always fit for a topic level", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 34 }), (text) => {
        fc.pre(isParticipantId(text));
        expect(text).not.toMatch(/[/+#\s]/);
      }),
      { numRuns: 20 },
    );
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z][a-z0-9_-]{1,31}$/), (text) => {
        expect(isParticipantId(text)).toBe(!isReservedName(text));
      }),
    );
  });
});
