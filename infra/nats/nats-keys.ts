/**
 * The two keys by which a market and its NATS server know each other, made from the market's own secret: that of the user that the market is
 * on the server, and that of the account which signs who is let in. The server's configuration holds their public halves only. Beside them
 * the secret of the marks that logins carry.
 */
import { ed25519PrivateKey, type SigningKey } from "./nats-token.js";

export interface NatsKeys {
  readonly issuer: SigningKey;
  readonly user: { readonly publicKey: string; readonly seed: Uint8Array };
  /** What the marks in the names of logins are keyed by. */
  readonly markSecret: Buffer;
  /** The 32 bytes of a server's public key `N…`. @throws Error where it is none */
  readonly serverKey: (name: string) => Uint8Array;
}

/** @param seedOf 32 bytes for a purpose, always the same */
export async function natsKeys(seedOf: (purpose: string) => Buffer): Promise<NatsKeys> {
  const [{ fromSeed, Prefix }, { Codec }] = await Promise.all([
    import("@nats-io/nkeys"), // late: most markets have no NATS
    import("@nats-io/nkeys/lib/codec.js"),
  ]);
  const issuerSeed = seedOf("nats-issuer");
  const userSeed = Codec.encodeSeed(Prefix.User, seedOf("nats-user"));
  return {
    issuer: {
      publicKey: fromSeed(Codec.encodeSeed(Prefix.Account, issuerSeed)).getPublicKey(),
      key: ed25519PrivateKey(issuerSeed),
    },
    user: { publicKey: fromSeed(userSeed).getPublicKey(), seed: userSeed },
    markSecret: seedOf("nats-login-mark"),
    serverKey: (name) => Codec.decode(Prefix.Server, Buffer.from(name)),
  };
}
