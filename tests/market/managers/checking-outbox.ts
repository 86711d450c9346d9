/** An outbox that takes nothing but what the published contract promises: known topic, fitting message, right retain flag. */
import { expect } from "vitest";
import type { Outbox } from "../../../market/ports.js";
import type { Channel } from "../../../shared/messages/channel.js";
import { channels } from "../../../shared/messages/channels.js";

export interface Published {
  readonly topic: string;
  readonly message: object;
}

export interface CheckingOutbox extends Outbox {
  /** Everything but clearings, in order; topics without their prefix. */
  readonly published: Published[];
  /** What a broker would keep now. */
  readonly retained: Map<string, object>;
  /** Messages on one topic, in order, as they went out. */
  on(topic: string): Record<string, unknown>[];
}

const prefix = "elecbay/main/";
const levels = { "<id>": "[a-z][a-z0-9_-]{1,31}", "<p>": "\\d{8}-\\d{4}", "<role>": "[a-z]+" } as const;
const patterns = channels.map((channel) => ({ channel, pattern: patternOf(channel.address) }));

export function checkingOutbox(): CheckingOutbox {
  const published: Published[] = [];
  const retained = new Map<string, object>();
  return {
    published,
    retained,
    on: (topic) => published.filter((one) => one.topic === topic).map(({ message }) => ({ ...message })),
    publish(topic, message, retain = false) {
      expect(topic.startsWith(prefix), topic).toBe(true);
      const name = topic.slice(prefix.length);
      const channel = channelOf(name);
      expect(channel, `${name} is a topic of the contract`).toBeDefined();
      const mayBeRetained = channel?.retained !== "no" && channel?.retained !== "never";
      expect(retain, `${name}: retained as the contract says`).toBe(mayBeRetained);
      if (message === null) {
        retained.delete(name);
        return;
      }
      const onWire: unknown = JSON.parse(JSON.stringify(message));
      // Nothing missing, nothing that the schema does not name.
      expect(channel?.schema.parse(onWire), name).toEqual(onWire);
      published.push({ topic: name, message });
      if (retain) retained.set(name, message);
    },
  };
}

function channelOf(name: string): Channel | undefined {
  return patterns.find(({ pattern }) => pattern.test(name))?.channel;
}

function patternOf(address: string): RegExp {
  const parts = address.split("/").map((level) => levels[level as keyof typeof levels] ?? level);
  return new RegExp(`^${parts.join("/")}$`);
}
