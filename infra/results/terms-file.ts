/**
 * terms.json: the terms that a run was settled by, and all else that is needed to settle it again from its files.
 *
 * What a newer version adds is kept as it is. Whole numbers in the units of their names (millionths of the currency, Wh, W), instants in UTC milliseconds.
 */
import { z } from "zod";
import type { MarketTerms } from "../../market/terms.js";

const format = "open-elecbay results 1";

export interface ResultTerms {
  readonly scenario: string;
  readonly market: MarketTerms;
  /** The public key (Ed25519, PEM) that the signatures in heads.csv verify with. */
  readonly statementKey: string;
  /** How time went on; left out: in lockstep. */
  readonly mode?: RunMode | undefined;
}

export type RunMode = "lockstep" | "scaled" | "real";

const whole = z.int();
const bidding = z.looseObject({
  ...{ mechanism: z.string(), k: z.number(), tie: z.enum(["pro-rata", "time"]), minEnergyWh: whole },
  ...{ maxOrdersPerPeriod: whole, priceFloorMicroPerKwh: whole, priceCapMicroPerKwh: whole },
});
const settlement = z.looseObject({
  imbalance: z.enum(["promised", "full"]),
  imbalancePrice: z.enum(["dual", "single"]),
  ...{ serviceChargeMicroPerKwh: whole, serviceChargeMillionths: whole },
  ...{ gridFeeMicroPerKwh: whole, localGridFeeMicroPerKwh: whole },
  levies: z.array(z.looseObject({ name: z.string(), microPerKwh: whole })),
  ...{ vatMillionths: whole, standingChargeMicroPerDay: whole },
  funder: z.string().optional(),
});
const calendar = z.looseObject({
  periodMinutes: z.union([z.literal(5), z.literal(15), z.literal(30), z.literal(60)]),
  ...{ rounds: whole, openMinutes: whole, gateMinutes: whole, meterDueMinutes: whole, billDays: whole },
  correctionDays: whole.optional(),
  monthStartsMs: z.array(whole).optional(),
  startMs: whole,
  periods: whole.optional(),
});
const member = z.looseObject({
  ...{ id: z.string(), role: z.string(), capacityW: z.number() },
  ...{ connectionPoint: z.string().nullable(), phase: z.string().nullable() },
  creditLimitMicro: whole.optional(),
  depositMicro: whole,
});
const termsFile = z.looseObject({
  format: z.literal(format),
  scenario: z.string(),
  statementKey: z.string(),
  mode: z.enum(["lockstep", "scaled", "real"]).optional(),
  market: z.looseObject({
    ...{ market: z.string(), currency: z.string(), timezone: z.string(), seed: whole },
    ...{ bidding, settlement, calendar, members: z.array(member) },
    creditLimitMicro: whole.optional(),
    guestCapacityW: z.number().optional(),
    maxCommandsPerTick: whole,
  }),
});

export function termsText({ scenario, statementKey, mode, market }: ResultTerms): string {
  return `${JSON.stringify({ format, scenario, statementKey, mode, market }, undefined, 2)}\n`;
}

/** Terms as `termsText` wrote them. @throws Error that names what is wrong. */
export function termsFromText(text: string): ResultTerms {
  const found = termsFile.safeParse(JSON.parse(text));
  if (found.success) {
    const { scenario, market, statementKey, mode } = found.data;
    return { scenario, market: market as unknown as MarketTerms, statementKey, mode };
  }
  const [issue] = found.error.issues;
  throw new Error(`${issue?.path.join(".") || "the file"}: ${issue?.message ?? "not understood"}`);
}
