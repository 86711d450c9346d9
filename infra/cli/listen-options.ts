/** Where servers listen and how they are encrypted: nothing but loopback without a certificate, unless somebody says so. */
import { type Command, CommanderError, Option } from "commander";
import type { Log } from "../../market/ports.js";
import { type ReadCertificate, readCertificate } from "../main/certificate.js";
import type { CertificateFiles } from "../main/certificate-watch.js";
import { isLoopbackHost } from "../main/public-addresses.js";

export interface ListenFlags {
  readonly listen: string;
  /** The option's earlier name. */
  readonly host?: string;
  readonly insecure?: true;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
}

export interface Listening {
  readonly host: string;
  readonly tls: ReadCertificate | undefined;
  /** Of `tls`. */
  readonly files?: CertificateFiles | undefined;
}

/** @param servesTls whether there is a server that speaks TLS */
export function addListenOptions(command: Command, servesTls: boolean): Command {
  command
    .addOption(
      new Option("--listen <address>", "address that servers listen on; others than loopback want TLS, or --insecure")
        .env("ELECBAY_HOST")
        .default("127.0.0.1"),
    )
    .addOption(new Option("--host <address>").hideHelp())
    .addOption(new Option("--insecure", "listen beyond loopback without TLS").env("ELECBAY_INSECURE"));
  if (!servesTls) return command;
  return command
    .addOption(
      new Option("--tls-cert <file>", "certificate with its chain, PEM: MQTT, WebSockets and REST speak TLS").env(
        "ELECBAY_TLS_CERT",
      ),
    )
    .addOption(new Option("--tls-key <file>", "its private key, PEM").env("ELECBAY_TLS_KEY"));
}

/** @throws InputError of a certificate or key; CommanderError where it may not listen there */
export function listeningFrom(flags: ListenFlags, complain: (text: string) => void): Listening {
  const host = flags.host ?? flags.listen;
  const { tlsCert, tlsKey } = flags;
  const fail = (complaint: string): CommanderError => {
    complain(`error: ${complaint}\n`);
    return new CommanderError(2, "elecbay.listen", complaint);
  };
  if ((tlsCert === undefined) !== (tlsKey === undefined)) throw fail("--tls-cert and --tls-key go together");
  const tls = tlsCert === undefined || tlsKey === undefined ? undefined : readCertificate(tlsCert, tlsKey);
  if (tls === undefined && !isLoopbackHost(host) && flags.insecure !== true)
    throw fail(
      `on ${host} keys and bills would pass unencrypted: name --tls-cert and --tls-key, or say --insecure (such as behind a proxy that speaks TLS)`,
    );
  const files = tlsCert === undefined || tlsKey === undefined ? undefined : { certFile: tlsCert, keyFile: tlsKey };
  return { host, tls, files };
}

/** What a reader of the log has to know about it. */
export function tellListening({ host, tls }: Listening, log: Log, nowMs: number): void {
  if (tls !== undefined) {
    const days = Math.floor((tls.expiresMs - nowMs) / 86_400_000);
    if (days < 0) log.warn("the TLS certificate has expired: clients will refuse it");
    else if (days < 14) log.warn(`the TLS certificate expires in ${days} days`);
  } else if (isLoopbackHost(host)) log.info(`no TLS certificate: servers listen on ${host} alone`);
  else log.warn(`servers listen on ${host} without TLS: whoever is on the way reads keys and bills`);
}
