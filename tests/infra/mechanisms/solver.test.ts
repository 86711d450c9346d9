import { describe, expect, it, vi } from "vitest";
import { loadSolver } from "../../../infra/mechanisms/solver.js";
import type { LinearProgram } from "../../../market/ports.js";

const balance = (signs: readonly number[], equals = 0): LinearProgram["equalities"][number] => ({
  coefficients: signs.map((sign, variable) => [variable, sign]),
  equals,
});

describe("the linear solver", () => {
  it("finds values, sum and dual of a small market: bids 10 and 4, asks 1 and 7", async () => {
    const solve = await loadSolver();
    const solution = solve({
      variables: [
        { objective: 10, upper: 2 },
        { objective: 4, upper: 2 },
        { objective: -1, upper: 3 },
        { objective: -7, upper: 9 },
      ],
      equalities: [balance([1, 1, -1, -1])],
    });
    expect(solution.values).toEqual([2, 1, 3, 0]);
    expect(solution.objective).toBe(21);
    expect(solution.duals).toEqual([4]);
  });

  it("tells by the dual what one more unit of the right side would add", async () => {
    const solve = await loadSolver();
    const of = (equals: number) =>
      solve({
        variables: [
          { objective: 3, upper: 10 },
          { objective: 2, upper: 10 },
        ],
        equalities: [balance([1, 1], equals)],
      });
    const { duals, objective } = of(12);
    expect(of(13).objective - objective).toBeCloseTo(duals[0] ?? Number.NaN, 9);
    expect(of(5).duals[0]).toBeCloseTo(3, 9);
  });

  it("bears several equalities, and variables that are in none", async () => {
    const solve = await loadSolver();
    const { values, objective } = solve({
      variables: [
        { objective: 1, upper: 4 },
        { objective: 2, upper: 5 },
        { objective: 7, upper: 3 },
      ],
      equalities: [balance([1, 1], 6), balance([1, -1], -2)],
    });
    expect(values).toEqual([2, 4, 3]);
    expect(objective).toBe(31);
  });

  it("says so where there is no solution", async () => {
    const solve = await loadSolver();
    expect(() => solve({ variables: [{ objective: 1, upper: 1 }], equalities: [balance([1], 2)] })).toThrow(
      "no optimum",
    );
  });

  it("is loaded once and writes nothing", async () => {
    const written = [vi.spyOn(process.stdout, "write"), vi.spyOn(process.stderr, "write")];
    expect(await loadSolver()).toBe(await loadSolver());
    (await loadSolver())({ variables: [{ objective: 1, upper: 1 }], equalities: [balance([1], 1)] });
    for (const stream of written) {
      expect(stream).not.toHaveBeenCalled();
      stream.mockRestore();
    }
  });
});
