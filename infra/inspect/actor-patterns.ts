/** Which actors an inspection shows: `*`, `bidding`, `bidding/*`, `bot7/x0`, `bidding/bidding-1470*`. */

export type ActorPatterns = readonly string[];

/** @param actor its number, such as `x3` @param name what the market calls it */
export function isShown(patterns: ActorPatterns, node: string, actor: string, name: string): boolean {
  return patterns.some((pattern) => {
    const [ofNode = "", ofActor = "*"] = pattern.split("/");
    return matches(ofNode, node) && (matches(ofActor, actor) || matches(ofActor, name));
  });
}

/** Whether any actor of the node may be shown. */
export function isNodeShown(patterns: ActorPatterns, node: string): boolean {
  return patterns.some((pattern) => matches(pattern.split("/")[0] ?? "", node));
}

function matches(pattern: string, text: string): boolean {
  if (pattern === "*" || pattern === text) return true;
  if (!pattern.includes("*")) return false;
  const parts = pattern.split("*").map((part) => part.replaceAll(/[.\\+?^${}()|[\]]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(text);
}

/** Whether a text is such a pattern: of a node, and of an actor's number or name behind a slash. */
export function isActorPattern(text: string): boolean {
  return /^[a-z0-9_*-]{1,64}(\/[A-Za-z0-9_*:.-]{1,64})?$/.test(text);
}
