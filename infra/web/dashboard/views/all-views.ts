/** Every view of the dashboard, in the order in which they are offered. A new one is one more line. */
import type { ComponentType } from "preact";
import { ComparisonView } from "./comparison.js";
import { FlowView } from "./flow.js";
import { MeritOrderView } from "./merit-order.js";
import { NetworkView } from "./network.js";
import { Overview } from "./overview.js";
import { ParticipantsView } from "./participants.js";
import { TradeView } from "./trade.js";

export interface View {
  /** Its place in the address: `/#/prices`. */
  readonly name: string;
  readonly title: string;
  readonly view: ComponentType;
}

export const views: readonly View[] = [
  { name: "overview", title: "Overview", view: Overview },
  { name: "trade", title: "List and orders", view: TradeView },
  { name: "merit-order", title: "Merit order", view: MeritOrderView },
  { name: "flow", title: "Energy flow", view: FlowView },
  { name: "participants", title: "Participants", view: ParticipantsView },
  { name: "network", title: "Network", view: NetworkView },
  { name: "comparison", title: "Comparison", view: ComparisonView },
];
