/** How many participants are online: counted by the operator's page, asked of the server by all others, who may not read who they are. */
import { computed, effect } from "@preact/signals";
import { seesAll, timeline } from "./market.js";
import { type OnlineCount, onlineKey, takeOnline } from "./online-count.js";

const askEveryMs = 5000;
const answered = timeline.value<OnlineCount>(onlineKey);

/** At the moment shown. */
export const participantsOnline = computed(() => (seesAll.value ? counted() : answered.value?.count));

function counted(): number {
  const statuses = timeline.keys.value.filter((key) => /^in\/[^/]+\/status$/.test(key));
  return statuses.filter((key) => timeline.value<{ status: string }>(key).value?.status === "online").length;
}

/** Asks now and then, as long as somebody looks. */
export function watchOnline(): void {
  effect(() => {
    if (seesAll.value) return;
    const ask = async () => {
      if (document.hidden) return;
      const answer = await fetch("/metrics").catch(() => undefined);
      if (answer?.ok === true) takeOnline(timeline, await answer.text(), Date.now());
    };
    void ask();
    const timer = setInterval(() => void ask(), askEveryMs);
    return () => clearInterval(timer);
  });
}
