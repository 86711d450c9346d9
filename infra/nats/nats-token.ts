/**
 * Signed tokens that a NATS server and whoever answers its auth callout send each other: JWT with Ed25519, by the platform's own signatures
 * (those of the packages take a twentieth of a second each).
 */
import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import { z } from "zod";

export interface SigningKey {
  /** As the server names it: `A…` of an account, `U…` of a user. */
  readonly publicKey: string;
  readonly key: KeyObject;
}

/** What the server asks: may this client in? */
const authorizationRequest = z.object({
  iss: z.string(),
  nats: z.object({
    user_nkey: z.string(),
    server_id: z.object({ id: z.string() }),
    client_info: z.object({
      host: z.string().default("nowhere"),
      type: z.string().optional(),
      mqtt_id: z.string().optional(),
    }),
    connect_opts: z.object({ user: z.string().optional(), pass: z.string().optional() }),
  }),
});
export type AuthorizationRequest = z.infer<typeof authorizationRequest>["nats"];

/** @param publicKeyOf the 32 bytes behind a key's name. @throws Error where it is none, or not signed by the server it names */
export function readRequest(token: string, publicKeyOf: (name: string) => Uint8Array): AuthorizationRequest {
  const [head = "", body = "", signature = ""] = token.split(".");
  const { iss, nats } = authorizationRequest.parse(JSON.parse(Buffer.from(body, "base64url").toString()));
  if (iss !== nats.server_id.id) throw new Error(`a request in the name of ${nats.server_id.id} comes from ${iss}`);
  const key = ed25519PublicKey(publicKeyOf(iss));
  if (!verify(null, Buffer.from(`${head}.${body}`), key, Buffer.from(signature, "base64url")))
    throw new Error(`a request of ${iss} is not signed by it`);
  return nats;
}

/** @param nowSeconds Unix time */
export function writeToken(claims: object, { publicKey, key }: SigningKey, nowSeconds: number): string {
  const text = (part: object): string => Buffer.from(JSON.stringify(part)).toString("base64url");
  const head = text({ typ: "JWT", alg: "ed25519-nkey" });
  const signed = `${head}.${text({ ...claims, iss: publicKey, iat: nowSeconds })}`;
  return `${signed}.${sign(null, Buffer.from(signed), key).toString("base64url")}`;
}

/** From 32 bytes, in the DER form of RFC 8410. */
export function ed25519PrivateKey(seed: Uint8Array): KeyObject {
  const key = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), seed]);
  return createPrivateKey({ key, format: "der", type: "pkcs8" });
}

function ed25519PublicKey(bytes: Uint8Array): KeyObject {
  const key = Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), bytes]);
  return createPublicKey({ key, format: "der", type: "spki" });
}
