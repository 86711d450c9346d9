/**
 * Energy of many participants in order of price, with running sums: the value of its first so many Wh without one participant's, in the
 * logarithm of its length and one step for each rung of that participant.
 *
 * Energy in Wh, turnover in thousandths of a millionth (Wh x millionths per kWh), exact. Nothing is rounded.
 */
export interface Rung {
  readonly participant: string;
  readonly priceMicroPerKwh: number;
  /** 0 is left out. */
  readonly energyWh: number;
}

export interface PriceLadder {
  readonly rungs: readonly Rung[];
  /** Before each rung, and at the end. */
  readonly energyBeforeWh: readonly number[];
  readonly turnoverBefore: readonly bigint[];
  /** Where each participant's rungs are, first to last. */
  readonly own: ReadonlyMap<string, readonly number[]>;
}

export function priceLadder(parts: readonly Rung[], order: "dearest first" | "cheapest first"): PriceLadder {
  const sign = order === "cheapest first" ? 1 : -1;
  const rungs = parts.filter(({ energyWh }) => energyWh > 0);
  rungs.sort((one, other) => sign * (one.priceMicroPerKwh - other.priceMicroPerKwh));
  const energyBeforeWh = [0];
  const turnoverBefore = [0n];
  const own = new Map<string, number[]>();
  let energyWh = 0;
  let turnover = 0n;
  for (const [index, rung] of rungs.entries()) {
    energyWh += rung.energyWh;
    turnover += BigInt(rung.energyWh) * BigInt(rung.priceMicroPerKwh);
    energyBeforeWh.push(energyWh);
    turnoverBefore.push(turnover);
    const places = own.get(rung.participant);
    if (places === undefined) own.set(rung.participant, [index]);
    else places.push(index);
  }
  return { rungs, energyBeforeWh, turnoverBefore, own };
}

/** Turnover of the ladder's first `energyWh` that are not `without`'s. @throws RangeError where there is less. */
export function turnoverOfFirst(ladder: PriceLadder, energyWh: number, without: string): bigint {
  let endWh = energyWh;
  let skipped = 0n;
  for (const place of ladder.own.get(without) ?? []) {
    const rung = ladder.rungs[place];
    if (rung === undefined || (ladder.energyBeforeWh[place] ?? 0) >= endWh) break;
    endWh += rung.energyWh;
    skipped += BigInt(rung.energyWh) * BigInt(rung.priceMicroPerKwh);
  }
  return turnoverUpTo(ladder, endWh) - skipped;
}

function turnoverUpTo({ rungs, energyBeforeWh, turnoverBefore }: PriceLadder, endWh: number): bigint {
  if (endWh > (energyBeforeWh.at(-1) ?? 0)) throw new RangeError(`a ladder has less than ${endWh} Wh`);
  let low = 0;
  let high = rungs.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((energyBeforeWh[middle] ?? 0) <= endWh) low = middle;
    else high = middle - 1;
  }
  const restWh = endWh - (energyBeforeWh[low] ?? 0);
  return (turnoverBefore[low] ?? 0n) + BigInt(restWh) * BigInt(rungs[low]?.priceMicroPerKwh ?? 0);
}
