/** What one looks at first: prices and energy over time, the last merit order, and what is open now. */
import { MeritOrderCard } from "./merit-order-card.js";
import { OpenPeriodsCard } from "./open-periods-card.js";
import { PricesCard } from "./prices-card.js";

export function Overview() {
  return (
    <div class="grid">
      <div class="full">
        <PricesCard height={300} />
      </div>
      <div class="half">
        <MeritOrderCard height={330} />
      </div>
      <div class="half">
        <OpenPeriodsCard />
      </div>
    </div>
  );
}
