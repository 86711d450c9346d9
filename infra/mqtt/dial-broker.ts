/** A socket to a broker's port: TCP, or TLS where the address says `mqtts:`. */
import { connect as connectTcp, isIP, type Socket } from "node:net";

/** @param url `mqtt://host:port`, or `mqtts://host:port` with a certificate that this machine trusts */
export function dialBroker(url: string): Socket {
  const { hostname, port, protocol } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, "");
  if (protocol !== "mqtts:") return connectTcp({ host, port: Number(port || 1883), noDelay: true });
  // Loaded by those alone who need it: a bot's thread has to start quickly.
  const { connect: connectTls } = process.getBuiltinModule("node:tls");
  return connectTls({ host, port: Number(port || 8883), ...(isIP(host) ? {} : { servername: host }) }).setNoDelay();
}
