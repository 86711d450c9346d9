/** Whether what is shown is live: of the connection, and of the market behind it. */
import type { LinkState } from "../../page/broker-link.js";
import { about, linkState, marketStatus } from "../model/market.js";

interface Badge {
  readonly text: string;
  readonly tone: "good" | "warn" | "bad";
}

const linkBadges: Readonly<Record<Exclude<LinkState, "live">, Badge>> = {
  connecting: { text: "connecting", tone: "warn" },
  reconnecting: { text: "reconnecting", tone: "warn" },
  refused: { text: "not signed in", tone: "bad" },
};

function badge(): Badge & { readonly why?: string } {
  const link = linkState.value;
  if (link !== "live") return linkBadges[link];
  const status = marketStatus.value;
  if (status === undefined || status.status === "online") return { text: "live", tone: "good" };
  // Nobody starts a run anew: what it came to stands.
  if (about.openToAll && status.status === "offline") return { text: "run is over", tone: "good" };
  return {
    text: `market ${status.status}`,
    tone: status.status === "offline" ? "bad" : "warn",
    why: status.reason ?? "",
  };
}

export function LinkBadge() {
  const { text, tone, why } = badge();
  return (
    <span class={`tag badge ${tone}`} role="status" data-testid="link" title={why}>
      <span class="dot" aria-hidden="true" />
      {text}
    </span>
  );
}
