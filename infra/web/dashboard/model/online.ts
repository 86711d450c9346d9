/** How many participants are online: counted by the operator's page, asked of the server by all others, who may not read who they are. */
import { computed, effect, signal } from "@preact/signals";
import { seesAll, timeline } from "./market.js";

const askEveryMs = 5000;
const answered = signal<number | undefined>(undefined);

export const participantsOnline = computed(() => (seesAll.value ? counted() : answered.value));

function counted(): number {
  const statuses = timeline.keys.value.filter((key) => /^in\/[^/]+\/status$/.test(key));
  return statuses.filter((key) => timeline.value<{ status: string }>(key).value?.status === "online").length;
}

/** The figure among those for Prometheus. */
export function onlineIn(metrics: string): number | undefined {
  const found = /^elecbay_participants_online (\d+)$/m.exec(metrics)?.[1];
  return found === undefined ? undefined : Number(found);
}

/** Asks now and then, as long as somebody looks. */
export function watchOnline(): void {
  effect(() => {
    if (seesAll.value) return;
    const ask = async () => {
      if (document.hidden) return;
      const answer = await fetch("/metrics").catch(() => undefined);
      if (answer?.ok === true) answered.value = onlineIn(await answer.text());
    };
    void ask();
    const timer = setInterval(() => void ask(), askEveryMs);
    return () => clearInterval(timer);
  });
}
