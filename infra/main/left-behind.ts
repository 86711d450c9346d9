/**
 * What a program that broke off has left on the broker of the actors that it told of: retained for ever, if nobody clears it.
 *
 * Whatever runs there next tells of actors of its own under other numbers, perhaps at once: so it is noted immediately what is there, and
 * what nobody has told anew after a while is cleared. The account `inspect` cannot read it: the market's supervisor does.
 */
import { randomBytes } from "node:crypto";
import { readJson } from "../../market/door/decode.js";
import type { Clock } from "../../market/managers/alarm.js";
import type { Log } from "../../market/ports.js";
import { filtersOf, topicParts, topicsOf } from "../../shared/topics.js";
import type { Connect } from "../mqtt/connection.js";
import { hearRetained } from "../mqtt/retained.js";

export interface LeftBehindOptions {
  readonly url: string;
  readonly market: string;
  /** Of the supervisor. */
  readonly password: string;
  readonly connect: Connect;
  readonly wall: Clock;
  readonly log: Log;
}

/** Wall time in which a program that lives is back. */
const backWithinMs = 2000;

/** @returns told of each program, as `manage/inspecting/<node>` names it, that broke off, and when it is back */
export function clearingOfGone(options: LeftBehindOptions): (program: string, isBack: boolean) => void {
  const { log } = options;
  const gone = new Set<string>();
  return (program, isBack) => {
    if (isBack) gone.delete(program);
    if (isBack || gone.has(program)) return;
    gone.add(program);
    clearUnlessBack(options, program, () => !gone.has(program))
      .then((cleared) => {
        if (cleared > 0) log.info(`${program} broke off: ${cleared} retained topics of its actors are cleared`);
      })
      .catch((error: Error) => log.warn(`what ${program} left cannot be cleared`, { reason: error.message }))
      .finally(() => gone.delete(program));
  };
}

/** @returns how many topics were cleared. @throws Error where the broker is away */
async function clearUnlessBack(
  { url, market, password, connect, wall }: LeftBehindOptions,
  program: string,
  isBack: () => boolean,
): Promise<number> {
  const topics = topicsOf(market);
  /** By topic, its node. */
  const found = new Map<string, string>();
  const tellers = new Map<string, string>();
  const connection = await hearRetained({
    ...{ url, username: "supervisor", password, clientId: `supervisor/gone-${randomBytes(4).toString("hex")}` },
    ...{ connect, wall, filters: [filtersOf(market).everythingInspected, topics.inspecting("+")] },
    onMessage(topic, payload, isRetained) {
      if (!isRetained) return void found.delete(topic); // told anew, or cleared
      const { area, levels } = topicParts(market, topic) ?? { area: "", levels: [] };
      const node = levels[area === "inspect" ? 0 : 1] ?? "";
      found.set(topic, node);
      if (area === "manage") tellers.set(node, String(readJson(payload.toString())?.program ?? ""));
    },
  });
  await new Promise<void>((resolve) => void wall.setTimeout(resolve, backWithinMs));
  const left = isBack() ? [] : [...found].filter(([, node]) => tellers.get(node) === program);
  for (const [topic] of left) connection.publish(topic, "", true);
  if (!isBack()) connection.publish(topics.inspectGone(program), "", true);
  await connection.end();
  return left.length;
}
