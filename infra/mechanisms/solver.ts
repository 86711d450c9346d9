/**
 * The linear solver: HiGHS by its simplex method, compiled to WebAssembly. Silent, one thread, the same answer to the same program.
 *
 * It is loaded at the first use (tens of milliseconds) and then kept. A solution breaks a bound, an equality or a dual's sign by no more
 * than `tolerance`, in the program's own units: these should be of the order of 1.
 */
import type { Highs } from "highs";
import type { LinearProgram, LinearSolution, Solver } from "../../market/ports.js";

const tolerance = 1e-9;

let loaded: Promise<Solver> | undefined;

/** The one solver of this thread. @throws Error where the package cannot be loaded. */
export function loadSolver(): Promise<Solver> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<Solver> {
  // The package's types describe its CommonJS file: to them this default, which is the function, holds another default.
  const { default: loadHighs } = (await import("highs")) as unknown as { default: () => Promise<Highs> };
  const highs = await loadHighs();
  return (program) => solved(highs, program);
}

function solved(highs: Highs, { variables, equalities }: LinearProgram): LinearSolution {
  const { modelStatus, objectiveSense } = highs.constants;
  const starts = [0];
  const indices: number[] = [];
  const values: number[] = [];
  for (const { coefficients } of equalities) {
    for (const [variable, coefficient] of coefficients) {
      indices.push(variable);
      values.push(coefficient);
    }
    starts.push(indices.length);
  }
  const sides = equalities.map(({ equals }) => equals);
  const model = {
    numCols: variables.length,
    numRows: equalities.length,
    sense: objectiveSense.maximize,
    colCost: variables.map(({ objective }) => objective),
    colLower: variables.map(() => 0),
    colUpper: variables.map(({ upper }) => upper),
    rowLower: sides,
    rowUpper: sides,
    matrix: {
      format: "csr",
      ...{ numRows: equalities.length, numCols: variables.length, starts, indices, values },
    } as const,
  };
  return highs.withModel(model, (loadedModel): LinearSolution => {
    loadedModel.options.set({
      output_flag: false,
      solver: "simplex",
      primal_feasibility_tolerance: tolerance,
      dual_feasibility_tolerance: tolerance,
    });
    loadedModel.run();
    const status = loadedModel.getModelStatus();
    if (status !== modelStatus.optimal) throw new Error(`the linear program has no optimum: HiGHS status ${status}`);
    const { colValue, rowDual } = loadedModel.getSolution();
    return { values: [...colValue], objective: loadedModel.getObjectiveValue(), duals: [...rowDual] };
  });
}
