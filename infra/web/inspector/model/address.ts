/** What of the page is in its address, so that one actor, or a diagram, can be linked to: `#actor=bidding/x7&view=sequence`. */
import { effect } from "@preact/signals";
import { centreView, chosenId } from "./shown.js";

export interface Address {
  readonly actor: string | undefined;
  readonly view: "chart" | "sequence";
}

export function readAddress(hash: string): Address {
  const told = new URLSearchParams(hash.replace(/^#/, ""));
  return {
    actor: told.get("actor") ?? undefined,
    view: told.get("view") === "sequence" ? "sequence" : "chart",
  };
}

export function writeAddress({ actor, view }: Address): string {
  const parts = [
    ...(actor === undefined ? [] : [`actor=${encodeURIComponent(actor).replaceAll("%2F", "/")}`]),
    ...(view === "chart" ? [] : [`view=${view}`]),
  ];
  return parts.length === 0 ? "" : `#${parts.join("&")}`;
}

/** Keeps page and address the same, in both directions. */
export function followAddress(): void {
  const read = (): void => {
    const { actor, view } = readAddress(location.hash);
    chosenId.value = actor;
    centreView.value = view;
  };
  read();
  globalThis.addEventListener("hashchange", read);
  effect(() => {
    const hash = writeAddress({ actor: chosenId.value, view: centreView.value });
    if (hash !== location.hash) history.replaceState(null, "", hash === "" ? location.pathname : hash);
  });
}
