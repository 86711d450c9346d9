/** Names that a faults file may use. */

/** Messages that participants send, those that they are answered with, and those that managers hand to each other. */
export const messageKinds = ["sent", "heard", "managed"] as const;

/**
 * How a manager crashes: its actor throws; its host is killed before what it has worked is in the journal; or after that, before anything of
 * it is replied, published or handed over.
 */
export const crashKinds = ["error", "before-journal", "before-reply"] as const;
