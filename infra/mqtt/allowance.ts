/** An allowance that fills up again with time: so much a second, so much at once. */
export interface Allowance {
  /** Takes it where there is that much; otherwise nothing, and false. */
  take(amount: number): boolean;
  /** Nothing of it is used. */
  isFull(): boolean;
}

/** @param now milliseconds that only grow */
export function createAllowance(perSecond: number, atOnce: number, now: () => number): Allowance {
  if (perSecond === Number.POSITIVE_INFINITY) return { take: () => true, isFull: () => true };
  let left = atOnce;
  let at = now();
  const fill = (): void => {
    const nowMs = now();
    left = Math.min(atOnce, left + ((nowMs - at) * perSecond) / 1000);
    at = nowMs;
  };
  return {
    take(amount) {
      fill();
      if (amount > left) return false;
      left -= amount;
      return true;
    },
    isFull() {
      fill();
      return left >= atOnce;
    },
  };
}
