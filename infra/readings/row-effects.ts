/** What a row of a file of readings changes, by the names that REST tells. */
export const rowEffects = [
  "new",
  "same",
  "replaces",
  "replaces-estimate",
  "corrects",
  "corrects-billed",
  "refused",
] as const;
/**
 * `new`: nothing stood. `replaces`: another one that is not due yet. `replaces-estimate` and `corrects`: after the due time, before the bills;
 * `corrects-billed`: a bill of the correction will go out.
 */
export type RowEffect = (typeof rowEffects)[number];
