/**
 * The configuration of a nats-server (2.10 or newer) for one market: MQTT for everybody, and the market asked who may come in and do what.
 *
 * It holds no secret: public keys alone. Nobody is listed in it, so nothing of it is ever reloaded. JetStream is what its MQTT gateway keeps
 * retained messages and sessions in.
 */
import { marketAccount } from "./nats-callout.js";
import type { NatsKeys } from "./nats-keys.js";

/** Wall time in which the market has to answer a login, in seconds: many may come at once after a restart. */
const answerSeconds = 20;

/** @param storeFolder where JetStream keeps its files */
export function natsConfiguration({ issuer, user }: Pick<NatsKeys, "issuer" | "user">, storeFolder: string): string {
  return `# A market's nats-server, 2.10 or newer: nats-server -c nats.conf. Written by elecbay broker-files; holds no secret.
server_name: elecbay

# Where the market itself connects, to be asked who may come in: elecbay up --nats nats://127.0.0.1:4222
listen: 127.0.0.1:4222

# Where everybody connects. Without TLS on this machine only: for others add tls { cert_file, key_file }.
mqtt {
  listen: 127.0.0.1:1883
}

# Retained messages and sessions. The market publishes what it retains anew when it starts.
jetstream {
  store_dir: ${JSON.stringify(storeFolder)}
  max_file: 1GB
}

accounts {
  ${marketAccount}: { jetstream: enabled }
  SYSTEM: { users: [ { nkey: ${user.publicKey} } ] }
}
system_account: SYSTEM

authorization {
  timeout: ${answerSeconds}
  auth_callout {
    issuer: ${issuer.publicKey}
    auth_users: [ ${user.publicKey} ]
    account: SYSTEM
  }
}
`;
}
