/**
 * Energy, power and money as integers; the unit is in the name, the brand keeps them apart.
 *
 * Energy: watt-hours. Power: watts. Price: millionths of the currency's major unit per kWh. Money: millionths of the
 * major unit. On the wire they are decimals in kWh, kW and major units (contract.md): see `decimal.ts`.
 */
declare const unit: unique symbol;
type Quantity<U extends string> = number & { readonly [unit]: U };

export type Wh = Quantity<"Wh">;
export type Watt = Quantity<"W">;
export type MicroPerKwh = Quantity<"µ/kWh">;
export type Micro = Quantity<"µ">;

/** @throws RangeError when `value` is not a safe integer. */
export function wh(value: number): Wh {
  return whole(value, "energy", "Wh") as Wh;
}

/** @throws RangeError when `value` is not a safe integer. */
export function watt(value: number): Watt {
  return whole(value, "power", "W") as Watt;
}

/** @throws RangeError when `value` is not a safe integer. */
export function microPerKwh(value: number): MicroPerKwh {
  return whole(value, "price", "millionths per kWh") as MicroPerKwh;
}

/** @throws RangeError when `value` is not a safe integer. */
export function micro(value: number): Micro {
  return whole(value, "money", "millionths") as Micro;
}

function whole(value: number, quantity: string, of: string): number {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${quantity} must be a whole number of ${of}, got ${value}`);
  return value + 0; // -0 becomes 0
}
