/**
 * Faults on the connections of a market's processes in `up`: on what participants send as the managers hear it, on replies and fills, and on
 * what managers hand to each other as the receiver hears it. The supervisor, who only looks on, hears all that participants send.
 */
import { sentTo, topicParts } from "../../shared/topics.js";
import type { Connect } from "../mqtt/connection.js";
import type { MessageFault } from "./fault-plan.js";
import type { MessageWays } from "./message-ways.js";

export interface FaultyConnectOptions {
  readonly market: string;
  readonly ways: MessageWays;
  readonly fateOf: (messages: MessageFault["messages"], whom: string, topic: string) => MessageFault | undefined;
  readonly note: (fate: MessageFault, whom: string, topic: string) => void;
  /** Nothing of what this role publishes leaves the house at the moment. */
  readonly isMuted: (role: string) => boolean;
}

const commands: ReadonlySet<string> = new Set(["items", "orders", "meter", "batch"]);
const heardNames: ReadonlySet<string> = new Set(["replies", "fills"]);
const handedOver: ReadonlySet<string> = new Set(["members", "tariffs", "contracts", "limits", "metered", "grants"]);

export function faultyConnect(connect: Connect, options: FaultyConnectOptions): Connect {
  const { market, ways, fateOf, note, isMuted } = options;

  /** Whose message on its way in it is, and of what kind; undefined: it is not disturbed. */
  function comingIn(role: string, topic: string) {
    const sent = sentTo(market, topic);
    if (sent !== undefined) {
      const isDisturbed = role !== "supervisor" && commands.has(sent.name);
      return isDisturbed ? { messages: "sent" as const, whom: sent.id, name: sent.name } : undefined;
    }
    const parts = topicParts(market, topic);
    const [name = ""] = parts?.levels ?? [];
    const isHandover = parts?.area === "manage" && handedOver.has(name);
    return isHandover ? { messages: "managed" as const, whom: role, name } : undefined;
  }

  return async (given) => {
    const role = given.username;
    const connection = await connect({
      ...given,
      onMessage(topic, payload, retained) {
        const coming = retained || payload.length === 0 ? undefined : comingIn(role, topic);
        if (coming === undefined) {
          given.onMessage(topic, payload, retained);
          return;
        }
        const { messages, whom, name } = coming;
        const copy = Buffer.from(payload); // it may have to wait
        const fate = fateOf(messages, whom, name);
        if (fate !== undefined) note(fate, whom, name);
        ways.pass(`${role} ${messages} ${whom}`, fate, () => given.onMessage(topic, copy, retained));
      },
    });
    return {
      ...connection,
      publish(topic, payload, retain) {
        if (isMuted(role)) return;
        const parts = retain ? undefined : topicParts(market, topic);
        const [id = "", name = ""] = parts?.levels ?? [];
        const go = (): void => connection.publish(topic, payload, retain);
        const isHeard = parts?.area === "private" && heardNames.has(name);
        const fate = isHeard ? fateOf("heard", id, name) : undefined;
        if (fate !== undefined) note(fate, id, name);
        if (isHeard) ways.pass(`heard ${id}`, fate, go);
        else go();
      },
    };
  };
}
