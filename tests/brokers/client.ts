/** A client that may be anybody and do anything: what it was granted and what it heard is kept. */
import { connect, type MqttClient } from "mqtt";

export interface Heard {
  readonly topic: string;
  readonly text: string;
  readonly retained: boolean;
}

export interface Client {
  readonly mqtt: MqttClient;
  readonly heard: readonly Heard[];
  /** Resolves when its connection is gone. */
  readonly closed: Promise<void>;
  /** Whether the broker granted it. */
  reads(filter: string, qos?: 0 | 1): Promise<boolean>;
  /** Sends and does not wait: some brokers acknowledge what they deny, some close the connection. */
  send(topic: string, payload: string, retain?: boolean): void;
  of(topic: string): readonly string[];
  end(): void;
}

export interface Login {
  readonly username: string;
  readonly password?: string | undefined;
  /** The user name by default. */
  readonly clientId?: string;
  readonly will?: { readonly topic: string; readonly payload: string };
}

/** @throws Error where the broker refuses the login. */
export async function login(url: string, { username, password, clientId, will }: Login): Promise<Client> {
  const mqtt = connect(url, {
    ...{ clientId: clientId ?? username, username, protocolVersion: 4, reconnectPeriod: 0 },
    ...(password === undefined ? {} : { password }),
    ...(will === undefined ? {} : { will: { ...will, payload: Buffer.from(will.payload), qos: 1, retain: true } }),
  });
  const heard: Heard[] = [];
  const closed = new Promise<void>((resolve) => mqtt.once("close", () => resolve()));
  await new Promise<void>((resolve, reject) => {
    mqtt.once("connect", () => resolve());
    mqtt.on("error", reject);
    void closed.then(() => reject(new Error(`the broker closed the connection of ${username}`)));
  });
  mqtt.on("message", (topic, payload, { retain }) => {
    heard.push({ topic, text: payload.toString(), retained: retain });
  });
  return {
    ...{ mqtt, heard, closed },
    async reads(filter, qos = 1) {
      try {
        const [granted] = await mqtt.subscribeAsync(filter, { qos });
        return granted !== undefined && Number(granted.qos) < 128;
      } catch {
        return false;
      }
    },
    send: (topic, payload, retain = false) => void mqtt.publish(topic, payload, { qos: 1, retain }, () => {}),
    of: (topic) => heard.filter((one) => one.topic === topic).map(({ text }) => text),
    end: () => void mqtt.end(true),
  };
}
