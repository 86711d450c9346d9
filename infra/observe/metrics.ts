/**
 * Counters, gauges and histograms as Prometheus text (exposition format 0.0.4).
 *
 * Labels come from closed lists (roles, routes, statuses), so that series cannot grow without bound.
 */
export type Labels = Readonly<Record<string, string>>;

export interface Counter {
  add(by?: number, labels?: Labels): void;
}
export interface Histogram {
  observe(value: number, labels?: Labels): void;
}

export interface Metrics {
  counter(name: string, help: string): Counter;
  /** Asked when the text is made. */
  gauge(name: string, help: string, read: () => number | readonly (readonly [Labels, number])[]): void;
  /** @param bounds upper bounds of its buckets, ascending */
  histogram(name: string, help: string, bounds: readonly number[]): Histogram;
  text(): string;
}

export function createMetrics(): Metrics {
  const families: (() => string[])[] = [];
  const family = (name: string, help: string, type: string, lines: () => string[]): void => {
    families.push(() => [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines()]);
  };
  return {
    counter(name, help) {
      const values = new Map<string, number>();
      family(name, help, "counter", () => [...values].map(([labels, value]) => `${name}${labels} ${value}`));
      return {
        add(by = 1, labels = {}) {
          const key = labelText(labels);
          values.set(key, (values.get(key) ?? 0) + by);
        },
      };
    },
    gauge(name, help, read) {
      family(name, help, "gauge", () => {
        const found = read();
        const values = typeof found === "number" ? [[{}, found] as const] : found;
        return values.map(([labels, value]) => `${name}${labelText(labels)} ${numberText(value)}`);
      });
    },
    histogram(name, help, bounds) {
      const series = new Map<
        string,
        { readonly labels: Labels; readonly counts: number[]; sum: number; all: number }
      >();
      family(name, help, "histogram", () => [...series.values()].flatMap((one) => histogramLines(name, bounds, one)));
      return {
        observe(value, labels = {}) {
          const key = labelText(labels);
          let one = series.get(key);
          if (one === undefined) {
            one = { labels, counts: bounds.map(() => 0), sum: 0, all: 0 };
            series.set(key, one);
          }
          one.sum += value;
          one.all += 1;
          const place = bounds.findIndex((bound) => value <= bound);
          if (place >= 0) one.counts[place] = (one.counts[place] ?? 0) + 1;
        },
      };
    },
    text: () => `${families.flatMap((lines) => lines()).join("\n")}\n`,
  };
}

function histogramLines(
  name: string,
  bounds: readonly number[],
  { labels, counts, sum, all }: { labels: Labels; counts: readonly number[]; sum: number; all: number },
): string[] {
  let soFar = 0;
  const buckets = bounds.map((bound, place) => {
    soFar += counts[place] ?? 0;
    return `${name}_bucket${labelText({ ...labels, le: String(bound) })} ${soFar}`;
  });
  return [
    ...buckets,
    `${name}_bucket${labelText({ ...labels, le: "+Inf" })} ${all}`,
    `${name}_sum${labelText(labels)} ${numberText(sum)}`,
    `${name}_count${labelText(labels)} ${all}`,
  ];
}

function labelText(labels: Labels): string {
  const parts = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return parts.length === 0 ? "" : `{${parts.join(",")}}`;
}

function escaped(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}

function numberText(value: number): string {
  return Number.isFinite(value) ? String(value) : value > 0 ? "+Inf" : Number.isNaN(value) ? "NaN" : "-Inf";
}
