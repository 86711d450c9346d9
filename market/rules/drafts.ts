/**
 * Drafts: commands that a participant has written down and not sent yet; each is bounded, and their number too.
 *
 * A draft goes with its period: once that is billed (a reading: once its correction limit is over) no reply to it is remembered and it could
 * not be sent any more. At `expiresAtMs` (UTC milliseconds of market time) it is gone. Source: issue 5 (the draft flow).
 */
import type { AccountRefusal } from "./account.js";

export const draftKinds = ["BID", "OFFER", "INFO"] as const;
/** `BID` and `OFFER` carry an order or an item, `INFO` a meter reading. */
export type DraftKind = (typeof draftKinds)[number];

export interface Draft {
  readonly draftId: string;
  readonly participant: string;
  readonly kind: DraftKind;
  /** The flat command without `v` and `requestId`. */
  readonly message: Readonly<Record<string, unknown>>;
  readonly keptAtMs: number;
  readonly expiresAtMs: number;
}

/** Of one participant, at a time. */
export const mostDrafts = 100;
/** As a command of a participant may be. */
export const largestDraftCharacters = 4096;

/** @param own the participant's drafts. @returns why `draft` is not kept; undefined: it is, in the place of one of the same id. */
export function refusedDraft(draft: Draft, own: Iterable<Draft>, nowMs: number): AccountRefusal | undefined {
  const characters = JSON.stringify(draft.message).length;
  if (characters > largestDraftCharacters)
    return { code: "bad-message", reason: `${characters} characters are more than ${largestDraftCharacters}` };
  if (isOver(draft, nowMs))
    return { code: "bad-message", reason: "its period is billed: nothing comes of it any more" };
  const others = [...own].filter((one) => one.draftId !== draft.draftId && !isOver(one, nowMs)).length;
  if (others < mostDrafts) return undefined;
  return { code: "too-many-drafts", reason: `there are ${others} drafts already, and no more are kept: drop some` };
}

export function isOver({ expiresAtMs }: Draft, nowMs: number): boolean {
  return nowMs >= expiresAtMs;
}
