/** Where the market is reached from elsewhere, as it tells those who register. */
import { hostname } from "node:os";

export interface PublicDoors {
  /** The address that servers listen on. */
  readonly host: string;
  readonly isEncrypted: boolean;
  readonly mqttPort: number;
  /** MQTT over WebSockets is on it, at /mqtt. */
  readonly restPort: number;
}

export const isLoopbackHost = (host: string): boolean =>
  host === "localhost" || host === "::1" || host === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(host);

/** Whether a server that listens there is found at 127.0.0.1. */
export const isReachedOnLoopback = (host: string): boolean =>
  ["127.0.0.1", "localhost", "0.0.0.0", "::"].includes(host);

const everywhere: ReadonlySet<string> = new Set(["0.0.0.0", "::", "[::]"]);
const name = /^(?:[a-z0-9](?:[a-z0-9.-]{0,252}[a-z0-9])?|\[[0-9a-f:.]+\])$/i;

/**
 * MQTT first, then MQTT over WebSockets.
 * @param asked the name under which REST was reached: where servers listen on every address, or have a certificate for a name, it is
 * the one that works for whoever asks
 * @param broker the address of a broker outside of the program
 */
export function mqttAddresses(doors: PublicDoors, asked: string, broker?: string): string[] {
  const { host, isEncrypted, mqttPort, restPort } = doors;
  const byName = isEncrypted || everywhere.has(host);
  const own = everywhere.has(host) ? hostname() : host;
  const reached = inUrl(byName && name.test(asked) ? asked : own);
  return isEncrypted
    ? [broker ?? `mqtts://${reached}:${mqttPort}`, `wss://${reached}:${restPort}/mqtt`]
    : [broker ?? `mqtt://${reached}:${mqttPort}`, `ws://${reached}:${restPort}/mqtt`];
}

export function restAddress({ host, isEncrypted, restPort }: Omit<PublicDoors, "mqttPort">): string {
  return `${isEncrypted ? "https" : "http"}://${inUrl(host)}:${restPort}`;
}

/** IPv6 stands in brackets. */
const inUrl = (host: string): string => (host.includes(":") && !host.startsWith("[") ? `[${host}]` : host);
