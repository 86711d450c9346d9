/** The key figures in groups, each with what it means: what is not known is left out. */
import type { Kpi } from "../../../../shared/messages/public.js";
import { energy, money, number, percent, price, type Quantity } from "../../page/formats.js";

export interface KeyFigure {
  readonly field: keyof Kpi;
  readonly name: string;
  readonly meaning: string;
  readonly amount: Quantity;
}

export interface FigureGroup {
  readonly title: string;
  readonly figures: readonly KeyFigure[];
}

type Form = "share" | "energy" | "power" | "price" | "money" | "ratio" | "percent" | "count" | "mass";
type Entry = readonly [field: keyof Kpi, name: string, form: Form, meaning: string];

const groups: readonly { readonly title: string; readonly entries: readonly Entry[] }[] = [
  {
    title: "Energy",
    entries: [
      ["selfSufficiency", "Self-sufficiency", "share", "of what was used, made here"],
      ["selfConsumption", "Self-consumption", "share", "of what was made, used here"],
      ["localShare", "Local trade", "share", "of what was used, bought of neighbours"],
      ["autarky", "Autarky of homes", "share", "of what each used, made by itself"],
      ["generationKwh", "Generation", "energy", "of all homes"],
      ["consumptionKwh", "Load", "energy", "of all homes, charging of batteries included"],
      ["importKwh", "Import", "energy", "from outside the community"],
      ["exportKwh", "Export", "energy", "to outside the community"],
      ["peakImportKw", "Peak import", "power", "largest mean over a period"],
      ["peakExportKw", "Peak export", "power", "largest mean over a period"],
      ["carbonKg", "CO₂ of the import", "mass", "as far as the scenario knows it"],
    ],
  },
  {
    title: "Trade",
    entries: [
      ["tradedKwh", "Contracted", "energy", "between neighbours"],
      ["localKwh", "Delivered", "energy", "taken against contracts"],
      ["meanPricePerKwh", "Mean price", "price", "over all that was traded"],
      ["priceVolatility", "Spread of prices", "price", "standard deviation, each period alike"],
      ["imbalanceKwh", "Imbalance", "energy", "promised and not delivered or not taken"],
      ["imbalanceShare", "Share of imbalance", "share", "of all contracts"],
      ["sellerConcentration", "Concentration of sellers", "ratio", "sum of squared shares: 1 is a monopoly"],
      ["buyerConcentration", "Concentration of buyers", "ratio", "the same of what was bought"],
      ["welfareEfficiency", "Efficiency", "share", "of the most that the limits of all orders allow"],
      ["smithsAlpha", "Smith's alpha", "percent", "how far prices lie from the equilibrium"],
      ["cutKwh", "Cut", "energy", "no longer traded because the network is full"],
    ],
  },
  {
    title: "Fairness",
    entries: [
      ["participationIndex", "Not worse off", "share", "of the participants, against the supplier alone"],
      ["savingsGini", "Gini of savings", "ratio", "0: all save alike, 1: one saves all"],
      ["savingsJain", "Jain's index", "ratio", "1: all save alike"],
      ["equalityIndex", "Equality of incomes", "share", "1 less the Gini index of incomes"],
    ],
  },
];

/** @param currency ISO 4217 */
export function keyFigures(kpi: Kpi, currency: string): readonly FigureGroup[] {
  const figures = ([field, name, form, meaning]: Entry): KeyFigure[] => {
    const value = kpi[field];
    if (typeof value !== "number") return [];
    return [{ field, name, meaning, amount: amountOf(value, form, currency) }];
  };
  return groups.map(({ title, entries }) => ({ title, figures: entries.flatMap(figures) }));
}

function amountOf(value: number, form: Form, currency: string): Quantity {
  switch (form) {
    case "share":
      return percent(value);
    case "energy":
      return energy(value);
    case "power":
      return { value: number(value, 2), unit: "kW" };
    case "price":
      return price(value, currency);
    case "money":
      return money(value, currency);
    case "ratio":
      return { value: number(value, 3), unit: "" };
    case "percent":
      return { value: number(value, 1), unit: "%" };
    case "count":
      return { value: number(value, 0), unit: "" };
    case "mass":
      return { value: number(value, 2), unit: "kg" };
  }
}
