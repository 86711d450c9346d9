/** What the process's environment says beyond what commands take from it as options. */

const signsOfCi = ["CI", "CONTINUOUS_INTEGRATION"];

/**
 * Has this process draw as if nobody had said that it runs in continuous integration: where that is said, Ink draws nothing before
 * its end, even on a terminal at which somebody sits. Called before Ink is loaded, which looks once.
 */
export function drawAsForAPerson(): void {
  for (const name of signsOfCi) delete process.env[name];
}
