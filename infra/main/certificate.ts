/** Certificate and key of a server, read and tried before anybody listens. */
import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Certificate } from "../mqtt/broker-messages.js";
import { InputError } from "../series/input-error.js";

export interface ReadCertificate extends Certificate {
  readonly expiresMs: number;
}

/**
 * @param certFile PEM: the server's own certificate first, then those that it was signed by
 * @param keyFile PEM, without a passphrase
 * @throws InputError naming the file and what is wrong with it
 */
export function readCertificate(certFile: string, keyFile: string): ReadCertificate {
  const cert = readText(certFile, "--tls-cert");
  const key = readText(keyFile, "--tls-key");
  const certificate = parsed(certFile, "no certificate in PEM form (-----BEGIN CERTIFICATE-----)", () => {
    return new X509Certificate(cert);
  });
  if (/BEGIN ENCRYPTED|Proc-Type: 4,ENCRYPTED/.test(key))
    throw new InputError(
      { file: keyFile },
      "the key has a passphrase: keep it without one, readable by this user alone",
    );
  const privateKey: KeyObject = parsed(keyFile, "no private key in PEM form (-----BEGIN PRIVATE KEY-----)", () => {
    return createPrivateKey(key);
  });
  if (!certificate.checkPrivateKey(privateKey))
    throw new InputError({ file: keyFile }, `not the key of the certificate in ${certFile}`);
  return { cert, key, expiresMs: Date.parse(certificate.validTo) };
}

function readText(file: string, flag: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reasons: Readonly<Record<string, string>> = {
      ENOENT: "there is no such file",
      EACCES: "this user may not read it",
      EISDIR: "it is a folder",
    };
    throw new InputError({ file }, `${reasons[code ?? ""] ?? message} (${flag})`);
  }
}

function parsed<T>(file: string, otherwise: string, parse: () => T): T {
  try {
    return parse();
  } catch {
    throw new InputError({ file }, otherwise);
  }
}
