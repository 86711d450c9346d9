/** Which view is open: part of the address behind `#`, so that a view can be linked to, and the browser's back button works. */
import { computed, signal } from "@preact/signals";
import { type View, views } from "./views/all-views.js";

const address = signal(globalThis.location?.hash ?? "");
globalThis.addEventListener?.("hashchange", () => {
  address.value = location.hash;
});

/** The view that the address names; else the first. */
export const openView = computed((): View => {
  const name = address.value.replace(/^#\/?/, "").split("?")[0];
  return views.find((view) => view.name === name) ?? (views[0] as View);
});
