/** One topic of the contract, as a row of the table that documentation, tests and brokers are made from. */
import type * as z from "zod";

export interface Channel {
  /** The topic below `elecbay/<m>/`; `<id>` a participant, `<p>` a delivery period, `<role>` a market process. */
  readonly address: string;
  readonly schema: z.ZodType;
  /** What the broker keeps of it: "yes", "no", "never", or until when. */
  readonly retained: string;
  readonly writtenBy: string;
  readonly summary: string;
  /** Where nobody writes or reads it in this version: what is missing, as a sentence. */
  readonly notYet?: string;
  readonly examples: readonly object[];
}
