/** The view of merit orders: one period drawn, all of them listed. */
import { MeritOrderCard } from "./merit-order-card.js";
import { ResultsList } from "./results-list.js";

export function MeritOrderView() {
  return (
    <div class="grid">
      <div class="wide">
        <MeritOrderCard height={420} />
      </div>
      <div class="narrow">
        <ResultsList />
      </div>
    </div>
  );
}
