/** Light or dark: what the device asks for, unless somebody chose, which this browser remembers. */
import { effect, signal } from "@preact/signals";

export type Theme = "light" | "dark";
export type ThemeChoice = Theme | "device";

const storedAs = "elecbay-theme";
const dark = globalThis.matchMedia?.("(prefers-color-scheme: dark)");

export const themeChoice = signal<ThemeChoice>((globalThis.localStorage?.getItem(storedAs) as ThemeChoice) ?? "device");
/** What is shown now: charts drawn on canvas are drawn anew when it changes. */
export const theme = signal<Theme>("light");

/** Starts to follow choice and device. */
export function followTheme(): void {
  const deviceIsDark = signal(dark?.matches ?? false);
  dark?.addEventListener("change", ({ matches }) => {
    deviceIsDark.value = matches;
  });
  effect(() => {
    const choice = themeChoice.value;
    theme.value = choice === "device" ? (deviceIsDark.value ? "dark" : "light") : choice;
    document.documentElement.dataset.theme = theme.value;
  });
}

export function chooseTheme(choice: ThemeChoice): void {
  if (choice === "device") localStorage.removeItem(storedAs);
  else localStorage.setItem(storedAs, choice);
  themeChoice.value = choice;
}

/** A colour of the theme, as canvas wants it: `--price` of theme.css. */
export function themeColour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
