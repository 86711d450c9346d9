/** A value as a tree that opens and closes; what differs from before is marked. */
import { contextPath } from "../../../../shared/context-path.js";
import { isoUtc } from "../../../../shared/time.js";
import { time, zoneName } from "../../page/formats.js";
import { isFields } from "../model/context.js";
import { timezone } from "../model/shown.js";

export interface ValueTreeProps {
  readonly value: unknown;
  /** Paths that changed, as contextPath() writes them. */
  readonly changed: ReadonlySet<string>;
  readonly path?: string;
  readonly depth?: number;
}

/** Short lists and objects stand on one line. */
const longestInline = 60;
const openDepth = 1;

export function ValueTree({ value, changed, path = "", depth = 0 }: ValueTreeProps) {
  const entries: readonly (readonly [string, unknown])[] = Array.isArray(value)
    ? value.map((item, index) => [String(index), item] as const)
    : isFields(value)
      ? Object.entries(value)
      : [];
  if (entries.length === 0) return <p class="small soft">nothing</p>;
  return (
    <ul class="values">
      {entries.map(([name, inner]) => (
        <Field key={name} {...{ name, value: inner, changed, depth }} path={joined(path, name)} />
      ))}
    </ul>
  );
}

function Field({ name, value, changed, path, depth }: Required<ValueTreeProps> & { readonly name: string }) {
  const mark = changed.has(path) ? " changed" : "";
  const inline = oneLine(value);
  if (inline.length <= longestInline || typeof value !== "object") {
    return (
      <li class={`value${mark}`}>
        <span class="key">{name}</span> <span class="plain">{inline}</span>
        {isInstant(name, value) && <Instant atMs={value as number} />}
      </li>
    );
  }
  const size = Array.isArray(value) ? `${value.length} items` : `${Object.keys(value ?? {}).length} fields`;
  const isInside = [...changed].some((one) => one.startsWith(`${path}.`));
  return (
    <li class={`value${mark}`}>
      <details open={depth < openDepth || isInside}>
        <summary>
          <span class="key">{name}</span> <span class="soft">{size}</span>
        </summary>
        <ValueTree {...{ value, changed, path, depth: depth + 1 }} />
      </details>
    </li>
  );
}

function Instant({ atMs }: { readonly atMs: number }) {
  const zone = timezone.value;
  return (
    <span class="soft small" title={isoUtc(atMs)}>
      {" "}
      {time(atMs, "day-time", zone)} {zoneName(atMs, zone)}
    </span>
  );
}

function joined(path: string, name: string): string {
  return path === "" ? contextPath([name]) : `${path}.${contextPath([name])}`;
}

/** Names end in the unit: `gateAtMs`. */
function isInstant(name: string, value: unknown): boolean {
  return typeof value === "number" && name.endsWith("Ms") && value > 1e12 && value < 1e13;
}

export function oneLine(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "string") return value;
  return JSON.stringify(value)
    .replaceAll(/"([A-Za-z_]\w*)":/g, "$1: ")
    .replaceAll(/,(?=\S)/g, ", ");
}
