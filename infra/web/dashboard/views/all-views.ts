/** Every view of the dashboard, in the order in which they are offered. A new one is one more line. */
import type { ComponentType } from "preact";
import { Overview } from "./overview.js";

export interface View {
  /** Its place in the address: `/#/prices`. */
  readonly name: string;
  readonly title: string;
  readonly view: ComponentType;
}

export const views: readonly View[] = [{ name: "overview", title: "Overview", view: Overview }];
