/** What is shown of a participant, for whoever sees everything. */
import type { Tariff } from "../../../../shared/messages/private.js";

export interface AccountFigures {
  readonly id: string;
  readonly name?: string | null;
  readonly role?: string;
  readonly standing?: string;
  readonly origin?: string;
  readonly balance: number;
}

export interface ParticipantRow {
  readonly id: string;
  readonly account: AccountFigures | undefined;
  readonly isOnline: boolean;
  readonly strategy: string | undefined;
  /** Undefined: it tells of none. */
  readonly battery: { readonly storedKwh: number; readonly capacityKwh: number } | undefined;
  readonly openCount: number;
  /** Of those open, the one whose gate closes next. */
  readonly nextOrder: OwnOrder | undefined;
  readonly tariff: Tariff | undefined;
}

export interface OwnOrder {
  readonly period: string;
  readonly side: "buy" | "sell";
  readonly energyKwh: number;
  readonly pricePerKwh: number;
}
