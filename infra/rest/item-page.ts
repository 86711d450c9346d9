/** A page of an item list: a long list is a megabyte, and who looks at its beginning need not have all of it. */
import { readJson } from "../../market/door/decode.js";
import type { Latest } from "./market-door.js";
import { etagOf } from "./retained-topics.js";

/** Items on a page at most. */
export const mostItemsOnPage = 1000;

interface KnownList {
  /** The message without its items, as JSON and still open: `{…,"items":[`. */
  readonly beginning: string;
  readonly ids: readonly string[];
  /** Each item as JSON. */
  readonly texts: readonly string[];
}

const known = new WeakMap<Latest, KnownList>();

/**
 * The message with `limit` of its items, after the one named, and with `next`: the id to ask after for the page that follows, or null.
 * @param latest an item list as it was published
 * @param after an item's id; one that is gone from the list begins it anew
 */
export function itemPage(latest: Latest, limit: number, after: string | undefined): Latest & { next: string | null } {
  const { beginning, ids, texts } = listOf(latest);
  const from = after === undefined ? 0 : ids.indexOf(after) + 1;
  const until = Math.min(from + limit, ids.length);
  const next = until < ids.length ? (ids[until - 1] ?? null) : null;
  const payload = `${beginning}${texts.slice(from, until).join(",")}],"next":${JSON.stringify(next)}}`;
  return { payload, etag: etagOf(payload), next };
}

/** Read once for all who ask before the next list comes. */
function listOf(latest: Latest): KnownList {
  const found = known.get(latest);
  if (found !== undefined) return found;
  const { items, ...rest } = readJson(latest.payload) ?? {};
  const all = Array.isArray(items) ? (items as { readonly itemId?: unknown }[]) : [];
  const list: KnownList = {
    beginning: `${JSON.stringify(rest).slice(0, -1)},"items":[`,
    ids: all.map(({ itemId }) => String(itemId)),
    texts: all.map((item) => JSON.stringify(item)),
  };
  known.set(latest, list);
  return list;
}
