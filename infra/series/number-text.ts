/** Numbers as people write them in files and options. */
const numberPattern = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** The number that a text is as a whole, or undefined: no `NaN`, no `Infinity`, no `0x10`, no `1,5`. */
export function numberFromText(text: string): number | undefined {
  const value = numberPattern.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(value) ? value + 0 : undefined;
}
