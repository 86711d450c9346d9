/** Numbers, units and times as the pages write them. A missing value is a dash, never a guess. */

export const missing = "–";

/** Decimal places by the size of a number, so that columns stay narrow: 1 234, 56.7, 0.123. */
export function number(value: number | null | undefined, places: number): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return missing;
  return formatOf(places).format(value);
}

const formats = new Map<number, Intl.NumberFormat>();

function formatOf(places: number): Intl.NumberFormat {
  let format = formats.get(places);
  if (format === undefined) {
    format = new Intl.NumberFormat("en-GB", {
      minimumFractionDigits: places,
      maximumFractionDigits: places,
      signDisplay: "negative",
    });
    formats.set(places, format);
  }
  return format;
}

export interface Quantity {
  readonly value: string;
  readonly unit: string;
}

/** Energy in kWh, large amounts in MWh. */
export function energy(energyKwh: number | null | undefined): Quantity {
  if (energyKwh === null || energyKwh === undefined) return { value: missing, unit: "kWh" };
  const size = Math.abs(energyKwh);
  if (size >= 10_000) return { value: number(energyKwh / 1000, 1), unit: "MWh" };
  return { value: number(energyKwh, size >= 1000 ? 0 : size >= 100 ? 1 : 2), unit: "kWh" };
}

/** A price per kWh in the market's currency, four decimals: tenths of a penny. */
export function price(pricePerKwh: number | null | undefined, currency: string): Quantity {
  return { value: number(pricePerKwh, 4), unit: `${currency}/kWh` };
}

export function money(amount: number | null | undefined, currency: string): Quantity {
  return { value: number(amount, 2), unit: currency };
}

/** A share as percent. */
export function percent(share: number | null | undefined): Quantity {
  return { value: share === null || share === undefined ? missing : number(share * 100, 1), unit: "%" };
}

/** Value and unit with a space that does not break. */
export function withUnit({ value, unit }: Quantity): string {
  return `${value}\u00a0${unit}`;
}

export type TimeStyle = "time" | "seconds" | "day" | "day-time";

const timeOptions: Readonly<Record<TimeStyle, Intl.DateTimeFormatOptions>> = {
  time: { hour: "2-digit", minute: "2-digit" },
  seconds: { hour: "2-digit", minute: "2-digit", second: "2-digit" },
  day: { weekday: "short", day: "numeric", month: "short", year: "numeric" },
  "day-time": { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" },
};
const timeFormats = new Map<string, Intl.DateTimeFormat>();

/** An instant in a time zone (IANA name; undefined: the reader's own), on a clock of 24 hours. */
export function time(instantMs: number | undefined, style: TimeStyle, timezone?: string): string {
  if (instantMs === undefined || Number.isNaN(instantMs)) return missing;
  const name = `${style} ${timezone ?? ""}`;
  let format = timeFormats.get(name);
  if (format === undefined) {
    const zone = timezone === undefined ? {} : { timeZone: timezone };
    format = new Intl.DateTimeFormat("en-GB", { ...timeOptions[style], ...zone, hourCycle: "h23" });
    timeFormats.set(name, format);
  }
  return format.format(instantMs);
}

const zoneFormats = new Map<string | undefined, Intl.DateTimeFormat>();

/** The short name of a time zone at an instant, such as `BST`. */
export function zoneName(instantMs: number, timezone: string | undefined): string {
  let format = zoneFormats.get(timezone);
  if (format === undefined) {
    const zone = timezone === undefined ? {} : { timeZone: timezone };
    format = new Intl.DateTimeFormat("en-GB", { ...zone, timeZoneName: "short" });
    zoneFormats.set(timezone, format);
  }
  const parts = format.formatToParts(instantMs);
  return parts.find(({ type }) => type === "timeZoneName")?.value ?? "";
}

/** A span of time, the two largest parts: `2 h 05 min`, `4 min 30 s`, `12 s`. Below 0: `0 s`. */
export function span(lengthMs: number): string {
  const seconds = Math.max(0, Math.round(lengthMs / 1000));
  const two = (value: number): string => String(value).padStart(2, "0");
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${two(seconds % 60)} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${two(minutes % 60)} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** The same in few letters, for narrow places: `45 s`, `12 min`, `2 h 05`. */
export function shortSpan(lengthMs: number): string {
  const seconds = Math.max(0, Math.round(lengthMs / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${String(minutes % 60).padStart(2, "0")}` : `${Math.floor(hours / 24)} d`;
}

/** A number of things, in the singular where it is one: `1 trade`, `1,204 orders`. */
export function counted(count: number, thing: string): string {
  return `${number(count, 0)} ${thing}${count === 1 ? "" : "s"}`;
}
