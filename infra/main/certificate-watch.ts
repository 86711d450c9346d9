/** A server's certificate read again when its files change, or when somebody says so (SIGHUP): what is wrong with a new one leaves the old one in use. */
import { unwatchFile, watchFile } from "node:fs";
import type { Log } from "../../market/ports.js";
import { type ReadCertificate, readCertificate } from "./certificate.js";

export interface CertificateFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

export interface CertificateWatch extends CertificateFiles {
  readonly current: ReadCertificate;
  /** Serves with it from the next connection on; who is in stays. */
  readonly onNew: (certificate: ReadCertificate) => void;
  readonly log: Log;
}

/** Names of files may lead elsewhere by then, so their contents are looked at, not the folder's events. */
const lookEveryMs = 5000;

/** @returns ends the watch */
export function watchCertificate({ certFile, keyFile, current, onNew, log }: CertificateWatch): () => void {
  let known = current;
  const readAgain = (): void => {
    try {
      const read = readCertificate(certFile, keyFile);
      if (read.cert === known.cert && read.key === known.key) return;
      onNew(read);
      known = read;
      log.info(`the TLS certificate was read again: it is good until ${new Date(read.expiresMs).toISOString()}`);
    } catch (error) {
      // Files are changed one after the other: what does not fit yet is looked at again with the next change.
      log.warn(`the new TLS certificate is not taken, the old one stays in use: ${(error as Error).message}`);
    }
  };
  const files = [certFile, keyFile];
  for (const file of files) watchFile(file, { persistent: false, interval: lookEveryMs }, readAgain);
  process.on("SIGHUP", readAgain);
  return () => {
    for (const file of files) unwatchFile(file, readAgain);
    process.off("SIGHUP", readAgain);
  };
}
