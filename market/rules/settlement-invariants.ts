/**
 * What holds after every settlement and correction, asserted always.
 *
 * 1. Each one's lines sum to its metered energy, export less import: nothing is billed twice, nothing is left out.
 * 2. Each one's lines sum to what the entries bring its account: bill and ledger tell the same.
 * 3. `balancing` ends at 0, and so does `mechanism` where somebody bears what it has; all accounts sum to 0.
 * 4. The suppliers deliver and take the community's net and nothing else.
 * 5. What was metered is the position and what deviates from it; under `promised`, a contract is delivered, deviates, or is
 *    taken over by the supplier.
 */
import type { SettlementTerms } from "../terms.js";
import { type EntryBook, otherTally, type Tally, tallySum } from "./entry-book.js";
import { assertInvariant, brokenInvariant } from "./invariants.js";
import { accounts } from "./ledger.js";
import type { ParticipantSettlement, PeriodSettlement } from "./settlement.js";

/**
 * @param tallies of the participants, in their order
 * @param book what their entries were entered in
 * @throws Error naming the first invariant that does not hold.
 */
export function assertSettled(
  { participants }: PeriodSettlement,
  tallies: readonly Tally[],
  book: EntryBook,
  terms: SettlementTerms,
): void {
  let communityWh = 0;
  let suppliersWh = 0;
  let index = 0;
  for (const settled of participants) {
    const { participant, meteredWh, totalMicro } = settled;
    assertPosition(settled, terms);
    suppliersWh += withSupplierWh(settled);
    communityWh += meteredWh;
    const booked = tallies[index]?.netMicro;
    index += 1;
    if (booked !== totalMicro) {
      brokenInvariant(`${participant} is billed ${totalMicro} millionths but booked ${booked}`);
    }
  }
  assertInvariant(
    suppliersWh === communityWh,
    `the suppliers cover the community's net of ${communityWh} Wh, got ${suppliersWh}`,
  );
  assertInvariant(otherTally(book, accounts.balancing).netMicro === 0, "balancing ends each period at 0");
  assertInvariant(
    terms.funder === undefined || otherTally(book, accounts.mechanism).netMicro === 0,
    "what a mechanism leaves over is borne by somebody",
  );
  const sum = tallySum(tallies, book);
  assertInvariant(sum === 0, `money over all accounts sums to 0, got ${sum} millionths`);
}

function assertPosition(settled: ParticipantSettlement, { imbalance }: SettlementTerms): void {
  const { participant, contractedWh, meteredWh, positionWh, deliveredWh, shortWh, longWh, takenOverWh } = settled;
  if (meteredWh !== positionWh + longWh - shortWh) {
    brokenInvariant(`${participant} was held to ${positionWh} Wh and deviates from it, but metered ${meteredWh} Wh`);
  }
  if (imbalance === "promised" && deliveredWh + shortWh + longWh + takenOverWh !== Math.abs(contractedWh)) {
    brokenInvariant(
      `a contract is delivered, deviates or is taken over, not so the ${contractedWh} Wh of ${participant}`,
    );
  }
}

/** Energy that passes between a participant and its supplier. */
function withSupplierWh({ participant, lines, meteredWh }: ParticipantSettlement): number {
  let energyWh = 0;
  let supplierWh = 0;
  for (const line of lines) {
    energyWh += line.energyWh;
    if (line.kind === "supply" || line.kind === "export" || line.kind === "imbalance") supplierWh += line.energyWh;
  }
  if (energyWh !== meteredWh) brokenInvariant(`${participant} is billed ${energyWh} Wh but metered ${meteredWh} Wh`);
  return supplierWh;
}
