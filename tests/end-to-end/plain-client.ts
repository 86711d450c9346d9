/**
 * A stranger's client: the package mqtt and the topic table of contract.md written down by hand; nothing of the program.
 */
import { connectAsync, type MqttClient } from "mqtt";

export type Fields = Record<string, unknown>;

export interface Heard {
  readonly topic: string;
  readonly text: string;
  /** Empty for an empty payload. */
  readonly fields: Fields;
  readonly retained: boolean;
}

export interface PlainClient {
  readonly mqtt: MqttClient;
  /** All of it, oldest first; may be emptied. */
  readonly heard: Heard[];
  /** Subscribes; false when the broker refuses. */
  reads(filter: string): Promise<boolean>;
  /** The first message, heard already or still to come, that fits. @throws Error after `withinMs`. */
  hear(topic: string, fits?: (fields: Fields, message: Heard) => boolean, withinMs?: number): Promise<Heard>;
  /** Sends without waiting for the broker: it closes the connection of whoever may not. */
  send(topic: string, message: string | Fields, retain?: boolean): void;
  /** Sends a command and waits for the next reply with its requestId. */
  ask(name: "items" | "orders" | "meter", command: Fields): Promise<Fields>;
}

const m = "elecbay/main";
export const topic = {
  public: (name: string) => `${m}/public/${name}`,
  in: (id: string, name: string) => `${m}/in/${id}/${name}`,
  private: (id: string, name: string) => `${m}/private/${id}/${name}`,
  everythingPublic: `${m}/public/#`,
  everythingOf: (id: string) => `${m}/private/${id}/#`,
  control: `${m}/manage/control`,
};

/** `2016-08-01T00:30:00Z` as the topic level `20160801-0030`. */
export const level = (period: string): string => period.replaceAll(/[-:]/g, "").replace("T", "-").slice(0, 13);

export async function plainClient(url: string, username?: string, password?: string): Promise<PlainClient> {
  const mqtt = await connectAsync(url, {
    clientId: username ?? "somebody",
    reconnectPeriod: 0,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
  });
  const heard: Heard[] = [];
  const waiting = new Set<(message: Heard) => void>();
  mqtt.on("error", () => {}); // a refused publish ends the connection; tests look at that
  mqtt.on("message", (name, payload, { retain }) => {
    const text = payload.toString("utf8");
    const message = { topic: name, text, fields: text === "" ? {} : (JSON.parse(text) as Fields), retained: retain };
    heard.push(message);
    for (const look of waiting) look(message);
  });

  function next(fits: (message: Heard) => boolean, what: string, withinMs: number): Promise<Heard> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        waiting.delete(look);
        reject(new Error(`${username ?? "somebody"} waited ${withinMs} ms for ${what}`));
      }, withinMs);
      const look = (message: Heard): void => {
        if (!fits(message)) return;
        clearTimeout(late);
        waiting.delete(look);
        resolve(message);
      };
      waiting.add(look);
    });
  }

  const client: PlainClient = {
    mqtt,
    heard,
    async reads(filter) {
      try {
        const [granted] = await mqtt.subscribeAsync(filter, { qos: 1 });
        return granted !== undefined && granted.qos < 128;
      } catch {
        return false;
      }
    },
    hear(name, fits = () => true, withinMs = 10_000) {
      const isIt = (message: Heard): boolean => message.topic === name && fits(message.fields, message);
      const known = heard.find(isIt);
      return known === undefined ? next(isIt, name, withinMs) : Promise.resolve(known);
    },
    send(name, message, retain = false) {
      mqtt.publish(name, typeof message === "string" ? message : JSON.stringify(message), { qos: 1, retain }, () => {});
    },
    async ask(name, command) {
      const id = username ?? "";
      const replies = topic.private(id, "replies");
      const reply = next(
        (message) =>
          message.topic === replies && message.fields.requestId === command.requestId && message.fields.topic === name,
        `the reply to ${String(command.requestId)}`,
        5000,
      );
      client.send(topic.in(id, name), command);
      return (await reply).fields;
    },
  };
  return client;
}
