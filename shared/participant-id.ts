/** Who may be called what: ids of participants, and the names kept for the market's own processes. */
const pattern = /^[a-z][a-z0-9_-]{1,31}$/;

/** One account per market process (contract.md, "Between the market's own processes"). */
export const processRoles = [
  "clock",
  "supervisor",
  "bidding",
  "exchange",
  "settlement",
  "dso",
  "supplier",
  "environment",
  "api",
] as const;
export type ProcessRole = (typeof processRoles)[number];

export const participantRoles = ["prosumer", "meter", "gateway", "observer", "operator"] as const;
export type ParticipantRole = (typeof participantRoles)[number];

/**
 * Names that no participant may take. `market` is the lockstep market, whose processes share one connection; `inspect` tells operators what
 * actors do.
 */
const reserved: ReadonlySet<string> = new Set<string>([...processRoles, "operator", "observer", "market", "inspect"]);

export function isReservedName(name: string): boolean {
  return reserved.has(name);
}

/** 2 to 32 characters of `[a-z0-9_-]`, a letter first, and none of the reserved names. */
export function isParticipantId(name: string): boolean {
  return pattern.test(name) && !reserved.has(name);
}
