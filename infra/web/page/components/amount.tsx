/** A number with its unit in smaller letters. */
import type { Quantity } from "../formats.js";

export function Amount({ value, unit }: Quantity) {
  return (
    <span class="amount">
      {value}
      {"\u00a0"}
      <span class="unit">{unit}</span>
    </span>
  );
}
