/** Whether what is shown is live, and of what. */
import { file, linkState } from "../model/source.js";

const told = {
  live: { text: "live", tone: "good" },
  connecting: { text: "connecting", tone: "warn" },
  reconnecting: { text: "reconnecting", tone: "warn" },
  refused: { text: "not signed in", tone: "bad" },
  none: { text: "not connected", tone: "warn" },
} as const;

export function SourceBadge() {
  const { text, tone } =
    file.value === undefined ? told[linkState.value] : ({ text: "log file", tone: "good" } as const);
  return (
    <span class={`tag badge ${tone}`} role="status" data-testid="link">
      <span class="dot" aria-hidden="true" />
      {text}
    </span>
  );
}
