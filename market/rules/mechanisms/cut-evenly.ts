/**
 * A cut shared out evenly: each loses the same energy, who has less than that loses all it has.
 *
 * Energy in Wh. The equal cut is a whole number; the Wh left over are taken one each from the last of those who keep something.
 * Not in proportion, so that a share does not depend on a price. Source: Huang, Scheller-Wolf and Sycara 2002; elecbay.md 3.3.
 */

/** What is left of each of `energiesWh`, in their order. @throws RangeError where there is less than `cutWh` to cut. */
export function cutEvenly(energiesWh: readonly number[], cutWh: number): number[] {
  const smallestFirst = [...energiesWh.entries()].sort(([, one], [, other]) => one - other);
  let toCutWh = cutWh;
  let keeping = energiesWh.length;
  const lost = new Set<number>();
  for (const [index, energyWh] of smallestFirst) {
    if (energyWh * keeping > toCutWh) break;
    lost.add(index);
    toCutWh -= energyWh;
    keeping -= 1;
  }
  if (keeping === 0 && toCutWh > 0) throw new RangeError(`${cutWh} Wh to cut, ${cutWh - toCutWh} Wh there`);

  const equalCutWh = keeping === 0 ? 0 : Math.floor(toCutWh / keeping);
  let withOneMore = toCutWh - equalCutWh * keeping;
  const left = energiesWh.map((energyWh, index) => (lost.has(index) ? 0 : energyWh - equalCutWh));
  for (let index = left.length - 1; withOneMore > 0; index -= 1) {
    if (lost.has(index)) continue;
    left[index] = (left[index] ?? 0) - 1;
    withOneMore -= 1;
  }
  return left;
}
