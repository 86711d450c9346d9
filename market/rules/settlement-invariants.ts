/**
 * What holds after every settlement and correction, asserted always.
 *
 * 1. Each one's lines sum to its metered energy, export less import: nothing is billed twice, nothing is left out.
 * 2. Each one's lines sum to what the entries bring its account: bill and ledger tell the same.
 * 3. `balancing` ends at 0; all accounts sum to 0.
 * 4. The supplier delivers and takes the community's net and nothing else.
 */
import { assertInvariant } from "./invariants.js";
import { accounts, netOf, participantAccount } from "./ledger.js";
import type { PeriodSettlement } from "./settlement.js";

/** Kinds of lines whose energy passes between a participant and the supplier. */
const withSupplier: ReadonlySet<string> = new Set(["supply", "export", "imbalance"]);

/** @throws Error naming the first invariant that does not hold. */
export function assertSettled({ participants, entries }: PeriodSettlement): void {
  const net = netOf(entries);
  let communityWh = 0;
  let supplierWh = 0;
  for (const {
    participant,
    lines,
    meteredWh,
    deliveredWh,
    contractedWh,
    shortWh,
    longWh,
    totalMicro,
  } of participants) {
    let energyWh = 0;
    for (const line of lines) {
      energyWh += line.energyWh;
      if (withSupplier.has(line.kind)) supplierWh += line.energyWh;
    }
    communityWh += meteredWh;
    assertInvariant(
      deliveredWh + shortWh + longWh === Math.abs(contractedWh),
      `a contract is delivered or deviates, not so the ${contractedWh} Wh of ${participant}`,
    );
    assertInvariant(energyWh === meteredWh, `${participant} is billed ${energyWh} Wh but metered ${meteredWh} Wh`);
    const booked = net.get(participantAccount(participant)) ?? 0;
    assertInvariant(booked === totalMicro, `${participant} is billed ${totalMicro} millionths but booked ${booked}`);
  }
  assertInvariant(
    supplierWh === communityWh,
    `the supplier covers the community's net of ${communityWh} Wh, got ${supplierWh}`,
  );
  assertInvariant((net.get(accounts.balancing) ?? 0) === 0, "balancing ends each period at 0");
  let sum = 0;
  for (const amountMicro of net.values()) sum += amountMicro;
  assertInvariant(sum === 0, `money over all accounts sums to 0, got ${sum} millionths`);
}
