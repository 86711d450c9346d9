/** Numbers, times and rows of little bars as text for a terminal. */

const bars = "▁▂▃▄▅▆▇█";

/** A row of bars, the newest value last; a gap where there is no value. Empty where there is none at all. */
export function sparkline(values: readonly (number | null)[], width: number): string {
  const shown = values.slice(-Math.max(0, width));
  const known = shown.filter((value) => value !== null);
  if (known.length === 0) return "";
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const bar = (value: number): string => {
    const share = high === low ? 0.5 : (value - low) / (high - low);
    return bars[Math.min(bars.length - 1, Math.floor(share * bars.length))] ?? " ";
  };
  return shown.map((value) => (value === null ? " " : bar(value))).join("");
}

/** As `1:04:30`, `4:30`; `now` where nothing is left. */
export function countdown(leftMs: number): string {
  if (leftMs <= 0) return "now";
  const seconds = Math.ceil(leftMs / 1000);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const two = (value: number): string => String(value).padStart(2, "0");
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** The hour of an instant in a time zone; in UTC where the zone is unknown here. */
export function hourIn(instantMs: number, timeZone: string): string {
  const options = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
  try {
    return new Intl.DateTimeFormat("en-GB", { ...options, timeZone }).format(instantMs);
  } catch {
    return new Intl.DateTimeFormat("en-GB", { ...options, timeZone: "UTC" }).format(instantMs);
  }
}

export const clockText = (iso: string): string => iso.slice(11, 16);
export const dayText = (iso: string): string => iso.slice(0, 10);
export const fixed = (value: number | null | undefined, digits: number): string =>
  value === null || value === undefined ? "–" : value.toFixed(digits);
export const percent = (share: number | null | undefined): string =>
  share === null || share === undefined ? "–" : `${(share * 100).toFixed(0)} %`;
