/**
 * The run's books, added up once more from the facts alone and by other sums than the market's own.
 *
 * Energy, in Wh: for each participant and period, what all bill lines say less what the meter says; for each period, what
 * is billed as sold, and as bought, less what the trades say. Money, in millionths: the sum over all accounts; for each
 * participant, what the ledger did to its account, deposits left out, less what its bills say; for each bill, its total less its lines. All
 * are summed without their signs, so that no error hides another. A sound run has 0 and 0.
 */
import type { Bill, LedgerEntry, Reading, Trade } from "../../market/facts.js";

const participantPrefix = "participant:";
/** Money that comes in from outside or leaves, such as a deposit, is on no bill. */
const bankAccount = "bank";
/** Kinds of lines by which contracts that were not kept are settled. */
const deviationKinds: ReadonlySet<string> = new Set(["balancing", "imbalance"]);

export interface Audit {
  /** `before` is the reading that this one replaces, undefined for the first. */
  metered(periodMs: number, reading: Reading, before: Reading | undefined): void;
  traded(periodMs: number, trade: Trade): void;
  booked(entry: LedgerEntry): void;
  billed(bill: Bill): void;
  findings(): { readonly moneySumMicro: number; readonly energyImbalanceWh: number; readonly imbalanceWh: number };
}

/** Sums by name that should all end at 0; those that do are forgotten, so that a long run does not fill memory. */
class Differences {
  private readonly open = new Map<string, number>();

  add(name: string, value: number): void {
    const sum = (this.open.get(name) ?? 0) + value;
    if (sum === 0) this.open.delete(name);
    else this.open.set(name, sum);
  }

  total(): number {
    let total = 0;
    for (const value of this.open.values()) total += Math.abs(value);
    return total;
  }
}

export function createAudit(): Audit {
  const energy = new Differences();
  const money = new Differences();
  let imbalanceWh = 0;
  let allAccountsMicro = 0;

  const moved = (account: string, amountMicro: number, onBills: boolean): void => {
    allAccountsMicro += amountMicro;
    if (onBills && account.startsWith(participantPrefix)) money.add(account, amountMicro);
  };

  const lineOf = (bill: Bill, line: Bill["lines"][number]): void => {
    energy.add(`${bill.periodMs} ${bill.participant}`, line.energyWh);
    // What a pool trades has no order, and no trade that it could be held against.
    if (line.kind === "trade" && line.orderId !== undefined) {
      energy.add(`${bill.periodMs} ${line.energyWh > 0 ? "sold" : "bought"}`, Math.abs(line.energyWh));
    }
    if (deviationKinds.has(line.kind)) imbalanceWh += Math.abs(line.energyWh);
    money.add(`${participantPrefix}${bill.participant}`, -line.amountMicro);
    money.add(`total of ${bill.billId}`, -line.amountMicro);
  };

  return {
    metered: (periodMs, reading, before) => {
      energy.add(`${periodMs} ${reading.participant}`, netExportWh(before) - netExportWh(reading));
    },
    traded: (periodMs, { energyWh }) => {
      energy.add(`${periodMs} sold`, -energyWh);
      energy.add(`${periodMs} bought`, -energyWh);
    },
    booked: ({ debit, credit, amountMicro }) => {
      const onBills = debit !== bankAccount && credit !== bankAccount;
      moved(debit, -amountMicro, onBills);
      moved(credit, amountMicro, onBills);
    },
    billed: (bill) => {
      for (const line of bill.lines) lineOf(bill, line);
      money.add(`total of ${bill.billId}`, bill.totalMicro);
    },
    findings: () => ({
      moneySumMicro: Math.abs(allAccountsMicro) + money.total(),
      energyImbalanceWh: energy.total(),
      imbalanceWh,
    }),
  };
}

function netExportWh(reading: Reading | undefined): number {
  return reading === undefined ? 0 : reading.exportWh - reading.importWh;
}
