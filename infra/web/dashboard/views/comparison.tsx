/** How the market does: against no market, by key figures, by the distribution of its prices, and against other mechanisms. */
import "./comparison.css";
import { useEffect } from "preact/hooks";
import { watchShadows } from "../model/shadows.js";
import { AgainstSupplierCard } from "./against-supplier-card.js";
import { DurationCard } from "./duration-card.js";
import { KeyFiguresCard } from "./key-figures-card.js";
import { ShadowsCard } from "./shadows-card.js";

export function ComparisonView() {
  useEffect(watchShadows, []);
  return (
    <div class="grid level">
      <div class="half">
        <AgainstSupplierCard />
      </div>
      <div class="half">
        <DurationCard />
      </div>
      <div class="full">
        <ShadowsCard />
      </div>
      <div class="full">
        <KeyFiguresCard />
      </div>
    </div>
  );
}
