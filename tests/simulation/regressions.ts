/** Seeds that once found something, with what it was: run again with every test. */
export interface Regression {
  readonly seed: number;
  readonly commands: number;
  readonly found: string;
}

export const regressions: readonly Regression[] = [
  {
    seed: 13,
    commands: 40,
    found: "an actor was given up for its first failure behind a disk that had been full for long",
  },
];
