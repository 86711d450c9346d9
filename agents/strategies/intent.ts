/**
 * What a strategy sees of one delivery period, and what it wants done about it: whole Wh, whole millionths per kWh.
 *
 * An intent is a command without `v` and `requestId`, in integers; the bot puts it into the contract's words.
 */
export type Side = "buy" | "sell";
export type Sale = "fixed" | "best-offer";

export type Intent =
  | {
      readonly action: "list";
      readonly side: Side;
      readonly periodMs: number;
      readonly energyWh: number;
      readonly priceMicroPerKwh: number;
      readonly sale: Sale;
    }
  | { readonly action: "withdraw"; readonly periodMs: number; readonly itemId: string }
  | {
      readonly action: "place";
      readonly side: Side;
      readonly periodMs: number;
      readonly energyWh: number;
      readonly priceMicroPerKwh: number;
      /** The item ordered; undefined: to the period's auction. */
      readonly itemId: string | undefined;
    }
  | {
      readonly action: "modify";
      readonly periodMs: number;
      readonly orderId: string;
      readonly expectedVersion: number;
      readonly energyWh: number;
      readonly priceMicroPerKwh: number;
    }
  | { readonly action: "cancel"; readonly periodMs: number; readonly orderId: string };

/** An item on the public list that others may order. */
export interface VisibleItem {
  readonly itemId: string;
  readonly side: Side;
  readonly energyWh: number;
  readonly minEnergyWh: number;
  readonly priceMicroPerKwh: number;
  /** Share of its promises that the owner has kept, 0 to 1. */
  readonly reliability: number;
}

/** An own order. `settled` false: a command about it still waits for its reply, so it is left alone. */
export interface StandingOrder {
  readonly orderId: string | undefined;
  readonly side: Side;
  readonly energyWh: number;
  readonly priceMicroPerKwh: number;
  readonly version: number;
  readonly itemId: string | undefined;
  /** Part of `energyWh` that is traded for good: it can neither be changed nor cancelled. */
  readonly filledWh: number;
  readonly settled: boolean;
}

/** An own item; `reservedWh` of it is ordered already. */
export interface StandingItem {
  readonly itemId: string | undefined;
  readonly side: Side;
  readonly energyWh: number;
  readonly reservedWh: number;
  readonly priceMicroPerKwh: number;
  readonly settled: boolean;
}

export interface View {
  readonly periodMs: number;
  /** Ticks until the gate closes: 1 is the last in which a command is in time. */
  readonly ticksToGate: number;
  /** Ticks per delivery period. */
  readonly rounds: number;
  /** What to trade in all: above 0 to sell, below 0 to buy; the battery's part is already in it. */
  readonly positionWh: number;
  /** Own limits: what the supplier charges and pays, the market's service charge allowed for. */
  readonly buyLimitMicroPerKwh: number;
  readonly sellLimitMicroPerKwh: number;
  /** What quotes may lie in: the market's band and, for zero intelligence, the bot's own. */
  readonly marketFloorMicroPerKwh: number;
  readonly marketCapMicroPerKwh: number;
  readonly bandLowMicroPerKwh: number;
  readonly bandHighMicroPerKwh: number;
  readonly minEnergyWh: number;
  /** Others' items of the period. */
  readonly visible: readonly VisibleItem[];
  readonly orders: readonly StandingOrder[];
  readonly items: readonly StandingItem[];
  readonly lastPriceMicroPerKwh: number | undefined;
}
