/**
 * Seeds that once found something, with what it was: run again with every test. A seed stands for its run only while what is drawn from it stays
 * as it is, so what was found has a test of its own as well.
 */
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
  {
    seed: 30330,
    commands: 150,
    found: "a registrar whose disk was full at its start knew no supplier until the next one",
  },
  {
    seed: 40584,
    commands: 150,
    found: "a change of supply was passed over because the supplier had told a later step's prices before it",
  },
];
