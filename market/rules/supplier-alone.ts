/**
 * What a participant would have got with its supplier alone: the yardstick of savings, on statements and among the key figures.
 *
 * The same meter at its own tariff, with every charge and the tax that stand on that: so nobody's savings are less for a fee that the
 * supplier's customers pay too. Without trades there is no service charge and nothing drawn locally. Each amount is rounded as on a bill
 * (value.ts). Positive = received, in millionths. Source: elecbay.md 5, C_ref, where no charges are named.
 */
import type { Micro } from "../../shared/units.js";
import type { Reading } from "../facts.js";
import { addEnergyLine, type BillSheet, totalOf } from "./bill-sheet.js";
import { createEntryBook } from "./entry-book.js";
import { participantAccount, supplierAccount } from "./ledger.js";
import type { Tariff } from "./settlement.js";
import { addFees, type PeriodFees } from "./settlement-fees.js";

export function supplierAlone(reading: Reading, tariff: Tariff, fees: PeriodFees): Micro {
  const { participant, importWh, exportWh } = reading;
  const supplier = supplierAccount(tariff.supplier);
  const account = participantAccount(participant);
  const sheet: BillSheet = { account, netMicro: 0, lines: [], book: createEntryBook() };
  addEnergyLine(sheet, supplier, "supply", -importWh, tariff.importMicroPerKwh);
  addEnergyLine(sheet, supplier, "export", exportWh, tariff.exportMicroPerKwh);
  addFees(sheet, fees, { supplierAccount: supplier, tradedWh: 0, tradedValueMicro: 0, importWh, localImportWh: 0 });
  return totalOf(sheet.lines);
}
