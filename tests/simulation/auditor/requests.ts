/** Commands read as docs/contract.md describes them, field by field: whether a message is one, and what it says. */

export type Fields = Readonly<Record<string, unknown>>;

export type Request =
  | { readonly ok: true; readonly requestId: string; readonly content: string; readonly fields: Fields }
  /** `bad-message`; `requestId` where one can be read. */
  | { readonly ok: false; readonly requestId: string | null };

type Check = (value: unknown) => boolean;

const isText = (value: unknown): value is string => typeof value === "string";
const isId: Check = (value) => isText(value) && /^[A-Za-z0-9_-]{1,64}$/.test(value);
const oneOf =
  (...values: readonly unknown[]): Check =>
  (value) =>
    values.includes(value);
const decimals =
  (scale: number, least = Number.NEGATIVE_INFINITY): Check =>
  (value) =>
    typeof value === "number" && value >= least && Math.abs(value * scale - Math.round(value * scale)) <= scale * 1e-9;
const energy = decimals(1000, 0);
const price = decimals(1_000_000);
const isPeriod: Check = (value) => {
  if (!isText(value) || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(value)) return false;
  return !Number.isNaN(Date.parse(value)) && new Date(value).toISOString() === value.replace("Z", ".000Z");
};
const maybe =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const head = { v: oneOf(1), requestId: isId, ts: maybe((value) => isText(value) && value.length <= 40) };
const side = oneOf("buy", "sell");
const isTruth = oneOf(true, false);

const actions: Readonly<Record<string, Readonly<Record<string, Check>>>> = {
  "items list": {
    ...head,
    ...{ action: oneOf("list"), side, period: isPeriod, energyKwh: energy, pricePerKwh: price },
    ...{ minEnergyKwh: maybe(energy), sale: maybe(oneOf("fixed", "best-offer")), auction: maybe(isTruth) },
  },
  "items withdraw": { ...head, action: oneOf("withdraw"), itemId: isId },
  "orders place": {
    ...head,
    ...{ action: oneOf("place"), side, period: isPeriod, energyKwh: energy, pricePerKwh: price },
    ...{ itemId: maybe(isId), auction: maybe(isTruth) },
  },
  "orders modify": {
    ...head,
    ...{ action: oneOf("modify"), orderId: isId, energyKwh: energy, pricePerKwh: price },
    expectedVersion: (value) => Number.isSafeInteger(value) && (value as number) >= 1,
  },
  "orders cancel": { ...head, action: oneOf("cancel"), orderId: isId },
  "orders notify": { ...head, action: oneOf("notify"), period: isPeriod, energyKwh: decimals(1000) },
  "meter undefined": {
    ...head,
    ...{ period: isPeriod, importKwh: energy, exportKwh: energy, generationKwh: energy },
    quality: maybe(oneOf("actual", "provisional", "estimated")),
    for: maybe((value) => isText(value) && /^[a-z][a-z0-9_-]{1,31}$/.test(value)),
  },
};

const largestBytes = 4096;

export function readRequest(topic: string, payload: string, bytes: number): Request {
  if (bytes > largestBytes) return { ok: false, requestId: null };
  const fields = objectIn(payload);
  if (fields === undefined) return { ok: false, requestId: null };
  const requestId = requestIdIn(fields);
  const checks = actions[`${topic} ${topic === "meter" ? "undefined" : String(fields.action)}`];
  const isKnown = checks !== undefined && Object.keys(fields).every((name) => Object.hasOwn(checks, name));
  if (!isKnown || requestId === null) return { ok: false, requestId };
  if (!Object.entries(checks).every(([name, check]) => check(fields[name]))) return { ok: false, requestId };
  const { ts: _ts, ...meant } = fields;
  const content = JSON.stringify(Object.entries(meant).sort(([one], [other]) => (one < other ? -1 : 1)));
  return { ok: true, requestId, content, fields };
}

/** Null where it has none that can be read. */
export function requestIdIn(fields: Fields): string | null {
  return isId(fields.requestId) ? (fields.requestId as string) : null;
}

export function objectIn(payload: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(payload);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

export const whOf = (kwh: unknown): number => Math.round((kwh as number) * 1000);
export const microOf = (major: unknown): number => Math.round((major as number) * 1_000_000);
