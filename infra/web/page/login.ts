/** Who asks to be let in: an id and its key, or `operator` and the operator's. */
export interface Login {
  readonly username: string;
  readonly password: string;
}
