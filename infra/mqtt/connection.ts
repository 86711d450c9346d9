/**
 * One connection to a broker: MQTT 3.1.1, QoS 1, `noDelay` on the socket (without it a small packet waits 40 ms for the
 * acknowledgement of the one before).
 */
import { type IClientOptions, MqttClient } from "mqtt";
import { dialBroker, whyNotDialled } from "./dial-broker.js";
import { writtenTogether } from "./written-together.js";

export interface ConnectionOptions {
  /** `mqtt://host:port`, or `mqtts://host:port` with a certificate that this machine trusts */
  readonly url: string;
  readonly clientId: string;
  readonly username: string;
  readonly password: string;
  readonly will?: { readonly topic: string; readonly payload: string };
  /** Called with each message, in order of arrival. */
  readonly onMessage: (topic: string, payload: Buffer, retained: boolean) => void;
  readonly onConnect?: () => void;
  readonly onDisconnect?: () => void;
  readonly onError?: (error: Error) => void;
}

export interface Connection {
  /** Sends at QoS 1; an empty text with `retain` clears a retained topic. */
  publish(topic: string, payload: string, retain: boolean): void;
  /** @param qos 0 for what may be missed: it costs half @throws Error naming the filters that the broker refused. */
  subscribe(filters: readonly string[], qos?: 0 | 1): Promise<void>;
  unsubscribe(filters: readonly string[]): Promise<void>;
  /** False while it tries to reach the broker again; what is published meanwhile waits. */
  isConnected(): boolean;
  /** Messages sent and not yet acknowledged by the broker. */
  unacknowledged(): number;
  /** Resolves once everything sent is acknowledged. */
  flushed(): Promise<void>;
  /** Ends politely, after what was sent is acknowledged or `withinMs` has passed. */
  end(withinMs?: number): Promise<void>;
}

/** Opens a connection to a broker. */
export type Connect = (options: ConnectionOptions) => Promise<Connection>;

const subscriptionRefused = 128;

/** The same error where it is another one. */
function refusedSubscription(
  error: Error & { readonly packet?: { readonly granted?: unknown } },
  filters: readonly string[],
  options: ConnectionOptions,
): Error {
  const granted = error.packet?.granted;
  if (!Array.isArray(granted) || !granted.includes(subscriptionRefused)) return error;
  const refused = filters.filter((_filter, index) => granted[index] === subscriptionRefused);
  return refusedFilters(refused, options);
}

/** What a broker's refusal means. */
export function refusedFilters(
  filters: readonly string[],
  { url, username }: Pick<ConnectionOptions, "url" | "username">,
): Error {
  const why = `there is no market of that name, or ${username} may not read this in it`;
  return new Error(`${url} refused ${username} to subscribe to ${filters.join(", ")}: ${why}`);
}

/** Connects, and resolves once the broker has accepted. @throws Error saying where and why it did not. */
export function openConnection(options: ConnectionOptions): Promise<Connection> {
  const settings: IClientOptions = {
    clientId: options.clientId,
    username: options.username,
    password: options.password,
    protocolVersion: 4,
    clean: true,
    keepalive: 60,
    reconnectPeriod: 500,
    resubscribe: true,
    ...(options.will
      ? { will: { ...options.will, payload: Buffer.from(options.will.payload), qos: 1, retain: true } }
      : {}),
  };
  const client = new MqttClient(() => writtenTogether(dialBroker(options.url)), settings);
  let ending = false;
  let outstanding = 0;
  let whenFlushed: (() => void)[] = [];
  client.on("message", (topic, payload, packet) => options.onMessage(topic, payload, packet.retain));
  client.on("close", () => options.onDisconnect?.());

  const acknowledged = (): void => {
    outstanding -= 1;
    if (outstanding > 0) return;
    for (const resolve of whenFlushed) resolve();
    whenFlushed = [];
  };
  const connection: Connection = {
    publish(topic, payload, retain) {
      outstanding += 1;
      client.publish(topic, payload, { qos: 1, retain }, acknowledged);
    },
    async subscribe(filters, qos = 1) {
      if (filters.length === 0) return;
      const asked = client.subscribeAsync([...filters], { qos });
      await asked.catch((error: Error) => {
        throw refusedSubscription(error, filters, options);
      });
    },
    async unsubscribe(filters) {
      await client.unsubscribeAsync([...filters]);
    },
    isConnected: () => client.connected,
    unacknowledged: () => outstanding,
    flushed: () => (outstanding === 0 ? Promise.resolve() : new Promise((resolve) => whenFlushed.push(resolve))),
    async end(withinMs = 2000) {
      ending = true;
      const late = new Promise<void>((resolve) => setTimeout(resolve, withinMs).unref());
      await Promise.race([connection.flushed(), late]);
      await Promise.race([client.endAsync(), late]);
      if (!client.disconnected) client.end(true);
    },
  };
  return new Promise((resolve, reject) => {
    let accepted = false;
    client.on("connect", () => {
      options.onConnect?.();
      accepted = true;
      resolve(connection);
    });
    client.on("error", (error) => {
      if (ending) return; // acknowledgements may come after the end of the connection
      if (accepted) return options.onError?.(error);
      client.end(true);
      reject(new Error(`${options.username} cannot connect to ${options.url}: ${whyNotDialled(error)}`));
    });
  });
}
