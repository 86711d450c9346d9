/** A socket to a broker's port: TCP, or TLS where the address says `mqtts:`. */
import { connect as connectTcp, isIP, type Socket } from "node:net";

/** What to do where a broker's certificate is not taken, by what the platform calls it. */
const remedies: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [
      ...["DEPTH_ZERO_SELF_SIGNED_CERT", "SELF_SIGNED_CERT_IN_CHAIN"],
      ...["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "UNABLE_TO_GET_ISSUER_CERT_LOCALLY"],
    ].map((code) => [
      code,
      "nobody whom this machine trusts vouches for its certificate: name the authority's certificate (PEM) in the environment as NODE_EXTRA_CA_CERTS=FILE",
    ]),
  ),
  CERT_HAS_EXPIRED: "its certificate has expired: it needs a new one",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is not for that name: use the name that it is made for in the address",
};

/** Why a connection failed, with what to do where it is the broker's certificate. */
export function whyNotDialled(error: Error): string {
  const { message, code } = error as NodeJS.ErrnoException;
  const remedy = remedies[code ?? ""];
  return remedy === undefined ? message : `${message}; ${remedy}`;
}

/** @param url `mqtt://host:port`, or `mqtts://host:port` with a certificate that this machine trusts */
export function dialBroker(url: string): Socket {
  const { hostname, port, protocol } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, "");
  if (protocol !== "mqtts:") return connectTcp({ host, port: Number(port || 1883), noDelay: true });
  // Loaded by those alone who need it: a bot's thread has to start quickly.
  const { connect: connectTls } = process.getBuiltinModule("node:tls");
  return connectTls({ host, port: Number(port || 8883), ...(isIP(host) ? {} : { servername: host }) }).setNoDelay();
}
