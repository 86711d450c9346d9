/** Money on statements: in the currency's minor unit where it is to be paid, else as exact as it is. */

export interface MinorUnit {
  /** Decimals of the currency: 2 for pounds, 0 for yen, 3 for dinars. */
  readonly decimals: number;
  readonly minorUnitMicro: number;
}

/** @param currency ISO 4217; one that the platform does not know has 2 decimals */
export function minorUnit(currency: string): MinorUnit {
  const options = new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions();
  const decimals = Math.min(options.maximumFractionDigits ?? 2, 6);
  return { decimals, minorUnitMicro: 10 ** (6 - decimals) };
}

/** With so many decimals, rounded half away from zero where it has more: for reading, never for sums. */
export function fixedText(value: number, unit: number, decimals: number): string {
  const scaled = Math.round((Math.abs(value) / unit) * 10 ** decimals);
  const digits = String(scaled).padStart(decimals + 1, "0");
  const text = decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
  return value < 0 && scaled !== 0 ? `-${text}` : text;
}

/** Energy with 3 decimals: every Wh. */
export const energyText = (energyWh: number): string => fixedText(energyWh, 1000, 3);

/** An amount that can be paid, without its sign: `12.34`, `1234`, `12.345`. */
export function payableText(amountMicro: number, currency: string): string {
  return fixedText(Math.abs(amountMicro), 1_000_000, minorUnit(currency).decimals);
}

/** An amount of a table: four decimals more than nothing, so that small lines can be told apart. */
export const amountText = (amountMicro: number): string => fixedText(amountMicro, 1_000_000, 4);

/** What was paid: as the currency pays, or every millionth where it has more. */
export function paidText(amountMicro: number, currency: string): string {
  const isPayable = amountMicro % minorUnit(currency).minorUnitMicro === 0;
  return isPayable ? payableText(amountMicro, currency) : exactText(amountMicro);
}

/** Every millionth. */
export const exactText = (amountMicro: number): string => fixedText(amountMicro, 1_000_000, 6);
