/** Seeds that once found something, with what it was: run again with every test. */
export interface Regression {
  readonly seed: number;
  readonly commands: number;
  readonly found: string;
}

export const regressions: readonly Regression[] = [];
