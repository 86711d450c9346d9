/** The linear solver, HiGHS. To be written. */
import type { Solver } from "../../market/ports.js";

export async function loadSolver(): Promise<Solver> {
  throw new Error("the solver is not written yet");
}
