/** What can go wrong at the REST side: the codes of market and registrar, and its own, each with status and title. */
import { type AccountCode, accountCodes, type RejectCode, rejectCodes } from "../../shared/reject-codes.js";

/** Codes that only REST has. */
export const restCodes = {
  "not-found": 404,
  "not-acceptable": 406,
  "request-timeout": 408,
  "too-large": 413,
  "unsupported-media-type": 415,
  internal: 500,
  "no-reply": 503,
} as const;

export type ProblemCode = keyof typeof restCodes | RejectCode | AccountCode;

const statuses: Readonly<Record<ProblemCode, number>> = { ...restCodes, ...accountCodes, ...rejectCodes };

export const problemCodes = Object.keys(statuses) as [ProblemCode, ...ProblemCode[]];

/** HTTP status of a code. */
export function statusOf(code: ProblemCode): number {
  return statuses[code];
}

/** A code as a title: `gate-closed` is `Gate closed`. */
export function titleOf(code: ProblemCode): string {
  const words = code.replaceAll("-", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
