/** Whole numbers as decimal text, digit by digit: no float comes between, so 0.1 + 0.2 can never print its noise. */

/** `value` of 10^-decimals as text without trailing zeros: 800 with 3 is `0.8`, -39200 with 6 is `-0.0392`. */
export function decimalText(value: number, decimals: 3 | 6): string {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is no whole number`);
  const sign = value < 0 ? "-" : "";
  const digits = String(Math.abs(value)).padStart(decimals + 1, "0");
  const fraction = digits.slice(-decimals).replace(/0+$/, "");
  return `${sign}${digits.slice(0, -decimals)}${fraction === "" ? "" : `.${fraction}`}`;
}

export const kwhText = (energyWh: number): string => decimalText(energyWh, 3);
/** Of money or of a price. */
export const majorText = (amountMicro: number): string => decimalText(amountMicro, 6);
/** Empty where there is none. */
export const majorTextOrEmpty = (amountMicro: number | null | undefined): string =>
  amountMicro === null || amountMicro === undefined ? "" : majorText(amountMicro);

const decimalPattern = /^(-?)(0|[1-9]\d*)(?:\.(\d*[1-9]))?$/;

/** What `decimalText` wrote, as the whole number it was; undefined for any other text: a zero too many, more decimals, `-0`. */
export function wholeFromText(text: string, decimals: 0 | 3 | 6): number | undefined {
  const [, sign, digits, fraction = ""] = decimalPattern.exec(text) ?? [];
  if (digits === undefined || fraction.length > decimals) return undefined;
  const size = Number(`${digits}${fraction.padEnd(decimals, "0")}`);
  if (!Number.isSafeInteger(size) || (sign === "-" && size === 0)) return undefined;
  return sign === "-" ? -size : size;
}
