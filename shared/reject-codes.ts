/**
 * Why a command is rejected: the closed list of contract.md with its HTTP status. It grows, a code is never reused.
 *
 * The order is the order of checking: the first that applies is the one that is told.
 */
export const rejectCodes = {
  "bad-message": 400,
  "not-registered": 401,
  "request-id-reused": 409,
  "market-closed": 503,
  suspended: 403,
  "rate-limited": 429,
  "unknown-period": 404,
  "not-open-yet": 422,
  "gate-closed": 422,
  "unknown-item": 404,
  "unknown-order": 404,
  "not-owner": 403,
  "version-conflict": 409,
  "item-taken": 409,
  "own-item": 422,
  "wrong-side": 422,
  "below-item-price": 422,
  "energy-out-of-range": 422,
  "price-out-of-range": 422,
  "below-minimum": 422,
  "credit-exceeded": 422,
  "too-many-orders": 422,
  "network-constraint": 422,
  "no-orders-in-pool": 422,
  absent: 422,
} as const;

export type RejectCode = keyof typeof rejectCodes;
export const rejectCodeNames = Object.keys(rejectCodes) as [RejectCode, ...RejectCode[]];

/** Why the registrar refuses, over REST alone, with the HTTP status: no reply of the market carries them. */
export const accountCodes = {
  "bad-message": 400,
  "not-registered": 401,
  "registration-closed": 403,
  "invitation-invalid": 403,
  "unknown-participant": 404,
  "unknown-invitation": 404,
  "unknown-payment": 404,
  "unknown-supplier": 404,
  "unknown-draft": 404,
  "unknown-dispute": 404,
  "id-taken": 409,
  "request-id-reused": 409,
  "has-left": 409,
  "already-disputed": 409,
  "already-answered": 409,
  "too-many-drafts": 422,
  "dispute-closed": 422,
  "too-many-disputes": 422,
  "funds-exceeded": 422,
  "period-begun": 422,
  "tariff-refused": 422,
  "market-closed": 503,
} as const;

export type AccountCode = keyof typeof accountCodes;
