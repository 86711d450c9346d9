/** What one looks at first: prices and energy over time. */
import { PricesCard } from "./prices-card.js";

export function Overview() {
  return (
    <div class="grid">
      <div class="full">
        <PricesCard />
      </div>
    </div>
  );
}
