/** Which part of the page a narrow screen shows; wide ones show all of them. */
import { signal } from "@preact/signals";

export const panels = [
  { name: "actors", title: "Actors" },
  { name: "centre", title: "Chart" },
  { name: "context", title: "Context" },
  { name: "log", title: "Log" },
] as const;
export type PanelName = (typeof panels)[number]["name"];

export const openPanel = signal<PanelName>("actors");
