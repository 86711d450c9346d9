/** Marks of an axis at round numbers, and a scale from values to pixels. */

export interface Axis {
  readonly least: number;
  readonly most: number;
  readonly marks: readonly number[];
  /** Decimals that tell the marks apart. */
  readonly places: number;
}

/** An axis that holds all of `least` to `most`, with about `count` marks at 1, 2 or 5 times a power of ten. */
export function niceAxis(least: number, most: number, count: number): Axis {
  const length = most - least || Math.abs(most) || 1;
  const rough = length / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((times) => times * power >= rough) ?? 10) * power;
  const first = Math.floor(least / step);
  const last = Math.max(first + 1, Math.ceil(most / step - 1e-9));
  const marks = Array.from({ length: last - first + 1 }, (_mark, at) => (first + at) * step);
  const places = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return { least: first * step, most: last * step, marks, places };
}

/** @returns the place in px of a value on an axis drawn from `fromPx` to `toPx` */
export function scaleOf({ least, most }: Axis, fromPx: number, toPx: number): (value: number) => number {
  return (value) => fromPx + ((value - least) / (most - least)) * (toPx - fromPx);
}
