/**
 * A participant that forgets nothing: it keeps every command and every reply it got, repeats what nobody answers with the same requestId,
 * and connects again whenever the broker is away. Nothing of the program: the package mqtt and the topics of contract.md.
 */
import { connect, type MqttClient } from "mqtt";

export type Fields = Readonly<Record<string, unknown>>;
export type CommandTopic = "items" | "orders" | "meter";

export interface SentCommand {
  readonly requestId: string;
  readonly topic: CommandTopic;
  readonly fields: Fields;
  /** The first reply that stands: neither a closed market's nor one about too many commands. */
  reply: { readonly text: string; readonly fields: Fields } | undefined;
  /** How often it was sent, answered, and answered otherwise than the first time. */
  sent: number;
  replies: number;
  otherReplies: number;
  sentAtMs: number;
}

export interface Trader {
  readonly id: string;
  readonly commands: ReadonlyMap<string, SentCommand>;
  send(topic: CommandTopic, fields: Fields): SentCommand;
  unanswered(): readonly SentCommand[];
  end(): Promise<void>;
}

export interface TraderOptions {
  readonly id: string;
  readonly password: string;
  readonly url: string;
  /** Filters of what else it wants to hear. */
  readonly filters: readonly string[];
  readonly onMessage: (topic: string, fields: Fields) => void;
  readonly onReply: (command: SentCommand) => void;
}

/** Wall time after which a command without a reply is sent again, doubled each time: on a slow machine repeats must not be all it does. */
const firstRepeatMs = 500;
const longestRepeatMs = 8000;
/** Refusals that the market does not remember: the same request may be sent again, and is. */
const passing = new Set(["market-closed", "rate-limited"]);

export function startTrader({ id, password, url, filters, onMessage, onReply }: TraderOptions): Trader {
  const replies = `elecbay/main/private/${id}/replies`;
  const commands = new Map<string, SentCommand>();
  const open = new Set<SentCommand>();
  const client: MqttClient = connect(url, {
    ...{ clientId: id, username: id, password, clean: true, resubscribe: false },
    ...{ reconnectPeriod: 50, connectTimeout: 2000, reconnectOnConnackError: true },
  });
  client.on("connect", () => void client.subscribe([replies, ...filters], { qos: 1 }, () => {}));
  client.on("error", () => {}); // it tries again
  client.on("message", (topic, payload) => {
    const text = payload.toString("utf8");
    if (text === "") return;
    const fields = JSON.parse(text) as Fields;
    if (topic === replies) hearReply(text, fields);
    else onMessage(topic, fields);
  });

  function hearReply(text: string, fields: Fields): void {
    const command = commands.get(String(fields.requestId));
    if (command === undefined || passing.has(String(fields.code))) return;
    command.replies += 1;
    if (command.reply !== undefined) {
      if (command.reply.text !== text) command.otherReplies += 1;
      return;
    }
    command.reply = { text, fields };
    open.delete(command);
    onReply(command);
  }

  function publish(command: SentCommand): void {
    command.sent += 1;
    command.sentAtMs = performance.now();
    const message = { v: 1, requestId: command.requestId, ...command.fields };
    client.publish(`elecbay/main/in/${id}/${command.topic}`, JSON.stringify(message), { qos: 1 }, () => {});
  }

  const isDue = ({ sent, sentAtMs }: SentCommand): boolean =>
    performance.now() - sentAtMs > Math.min(longestRepeatMs, firstRepeatMs * 2 ** (sent - 1));
  const repeating = setInterval(() => {
    if (client.connected) for (const command of open) if (isDue(command)) publish(command);
  }, 50);

  return {
    id,
    commands,
    send(topic, fields) {
      const requestId = `${id}-${commands.size + 1}`;
      const command = { requestId, topic, fields, reply: undefined, sent: 0, replies: 0, otherReplies: 0, sentAtMs: 0 };
      commands.set(requestId, command);
      open.add(command);
      publish(command);
      return command;
    },
    unanswered: () => [...open],
    async end() {
      clearInterval(repeating);
      await client.endAsync(true);
    },
  };
}
