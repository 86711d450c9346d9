/** The last message of each retained topic that was heard, with a validator made when it is first asked for. */
import { createHash } from "node:crypto";
import type { Latest } from "./market-door.js";

export interface RetainedTopics {
  /** An empty payload clears it. */
  set(name: string, payload: string): void;
  latest(name: string): Latest | undefined;
  /** Those whose name begins so, by name. */
  all(prefix: string): readonly (readonly [name: string, latest: Latest])[];
}

export function createRetainedTopics(): RetainedTopics {
  const held = new Map<string, Latest>();
  const latest = (name: string): Latest | undefined => held.get(name);
  return {
    latest,
    set(name, payload) {
      if (payload === "") held.delete(name);
      else if (held.get(name)?.payload !== payload) held.set(name, validated(payload));
    },
    all(prefix) {
      const names = [...held.keys()].filter((name) => name.startsWith(prefix)).sort();
      return names.flatMap((name) => {
        const one = latest(name);
        return one === undefined ? [] : [[name, one] as const];
      });
    },
  };
}

/** Its validator is made when it is first asked for. */
function validated(payload: string): Latest {
  let etag: string | undefined;
  return {
    payload,
    get etag() {
      etag ??= etagOf(payload);
      return etag;
    },
  };
}

/** A strong entity tag: 22 characters of the payload's SHA-256. */
export function etagOf(payload: string): string {
  return `"${createHash("sha256").update(payload).digest("base64url").slice(0, 22)}"`;
}
