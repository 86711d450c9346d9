import fc from "fast-check";
import { expect, it } from "vitest";
import { contextPath, namesOfPath } from "../../shared/context-path.js";

it("a path of names has dots between them, and those within a name marked", () => {
  expect(contextPath(["funds", "ann"])).toBe("funds.ann");
  expect(contextPath(["rates", "v1.2"])).toBe("rates.v1\\.2");
  expect(namesOfPath("rates.v1\\.2")).toEqual(["rates", "v1.2"]);
});

it("a path gives back the names that it was made of, whatever stands in them", () => {
  const name = fc.string({ unit: fc.constantFrom("a", ".", "\\"), minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(fc.array(name, { maxLength: 4 }), (names) => {
      expect(namesOfPath(contextPath(names))).toEqual(names);
    }),
  );
});
