import { createPublicKey, verify } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { loadSecrets } from "../../../infra/main/secrets.js";
import { type Account, Accounts } from "../../../infra/mqtt/accounts.js";
import { type NatsCalloutOptions, natsCallout } from "../../../infra/nats/nats-callout.js";
import { natsConfiguration } from "../../../infra/nats/nats-configuration.js";
import { type NatsKeys, natsKeys } from "../../../infra/nats/nats-keys.js";
import {
  type AuthorizationRequest,
  ed25519PrivateKey,
  readRequest,
  writeToken,
} from "../../../infra/nats/nats-token.js";

const accounts: readonly Account[] = [
  { username: "ann", password: "secret", standing: { kind: "participant", id: "ann" } },
  { username: "observer", password: undefined, standing: { kind: "observer" } },
];
const secrets = loadSecrets(undefined);
let keys: NatsKeys;
beforeAll(async () => {
  keys = await natsKeys(secrets.seedOf);
});

interface Claims {
  readonly aud: string;
  readonly sub: string;
  readonly name?: string;
  readonly iss: string;
  readonly nats: Readonly<Record<string, unknown>>;
}

function claimsOf(token: string): Claims {
  const [head, body = "", signature = ""] = token.split(".");
  const key = createPublicKey(keys.issuer.key);
  expect(verify(null, Buffer.from(`${head}.${body}`), key, Buffer.from(signature, "base64url"))).toBe(true);
  return JSON.parse(Buffer.from(body, "base64url").toString()) as Claims;
}

async function ask(
  { user, pass, clientId, type = "mqtt" }: { user?: string; pass?: string; clientId: string; type?: string },
  more: Partial<NatsCalloutOptions> = {},
): Promise<Claims & { readonly user: Claims | undefined }> {
  const answer = natsCallout({
    ...{ market: "main", accounts: new Accounts(accounts, true, 128), issuer: keys.issuer, now: () => 1 },
    keys: { compare: (_address, compare) => compare(), failed: () => {}, penance: () => Promise.resolve() },
    ...{ onGuest: () => Promise.resolve(), onRefused: () => {}, nameOf: ({ username }) => `${username}.mark`, ...more },
  });
  const request: AuthorizationRequest = {
    ...{ user_nkey: "UCLIENT", server_id: { id: "NSERVER" } },
    client_info: { host: "127.0.0.1", type, mqtt_id: clientId },
    connect_opts: { user, pass },
  };
  const claims = claimsOf(await answer(request));
  return { ...claims, user: typeof claims.nats.jwt === "string" ? claimsOf(claims.nats.jwt) : undefined };
}

describe("the answer to a NATS server's question", () => {
  it("is a user of the market's account with its own permissions, bound to the key and the server that asked", async () => {
    const answer = await ask({ user: "ann", pass: "secret", clientId: "ann/phone" });
    expect(answer).toMatchObject({ aud: "NSERVER", sub: "UCLIENT", iss: keys.issuer.publicKey });
    expect(answer.nats).toMatchObject({ type: "authorization_response", version: 2 });
    expect(answer.user).toMatchObject({ aud: "MARKET", sub: "UCLIENT", name: "ann.mark" });
    expect(answer.user?.nats).toMatchObject({ type: "user", pub: { allow: ["elecbay.main.in.ann.*"] } });
  });

  it("is a refusal without reasons for a wrong password, a foreign client id, and whoever does not speak MQTT", async () => {
    const reasons: string[] = [];
    for (const login of [
      { user: "ann", pass: "guess", clientId: "ann" },
      { user: "ann", pass: "secret", clientId: "bob" },
      { user: "ann", pass: "secret", clientId: "ann", type: "nats" },
      { clientId: "ann" },
    ]) {
      const answer = await ask(login, { onRefused: (_what, reason) => void reasons.push(reason) });
      expect(answer.user).toBeUndefined();
      expect(answer.nats.error).toBe("not authorised");
    }
    expect(reasons).toEqual([
      ...["wrong password for ann", "client id bob is not ann's", "it speaks nats, not MQTT"],
      "client id ann is not observer's",
    ]);
  });

  it("lets an observer in who names nobody, and denies it every publish by name: an empty list would allow all", async () => {
    const { user } = await ask({ clientId: "grafana" });
    expect(user?.nats.pub).toEqual({ allow: [], deny: [">"] });
  });

  it("waits until the market knows a new guest", async () => {
    const known: string[] = [];
    const { user } = await ask(
      { user: "zoe", pass: "own", clientId: "zoe" },
      { onGuest: async (id) => void known.push(id) },
    );
    expect({ known, name: user?.name }).toEqual({ known: ["zoe"], name: "zoe.mark" });
  });
});

describe("a server's question", () => {
  it("is taken only when the server that it names has signed it", async () => {
    const server = await natsKeys((purpose) => secrets.seedOf(`of a server ${purpose}`));
    const key = ed25519PrivateKey(secrets.seedOf("of a server nats-issuer"));
    const nats = { user_nkey: "U", server_id: { id: "NSERVER" }, client_info: {}, connect_opts: {} };
    const publicBytes = createPublicKey(key).export({ format: "der", type: "spki" }).subarray(-32);
    const token = writeToken({ nats }, { publicKey: "NSERVER", key }, 1);
    expect(readRequest(token, () => publicBytes)).toMatchObject({ user_nkey: "U", client_info: { host: "nowhere" } });
    const foreign = writeToken({ nats }, { publicKey: "NOTHER", key }, 1);
    expect(() => readRequest(foreign, () => publicBytes)).toThrow("in the name of NSERVER comes from NOTHER");
    const forged = writeToken({ nats }, { publicKey: "NSERVER", key: keys.issuer.key }, 1);
    expect(() => readRequest(forged, () => publicBytes)).toThrow("is not signed by it");
    expect(server.issuer.publicKey).not.toBe(keys.issuer.publicKey);
  });
});

describe("the configuration of a NATS server", () => {
  it("names the market's public keys and holds no secret", () => {
    const text = natsConfiguration(keys, "/var/lib/nats");
    expect(text).toContain(`issuer: ${keys.issuer.publicKey}`);
    expect(text).toContain(`auth_users: [ ${keys.user.publicKey} ]`);
    expect(text).toContain('store_dir: "/var/lib/nats"');
    expect(text).not.toContain(Buffer.from(keys.user.seed).toString());
    expect(text).not.toMatch(/\bS[AU][A-Z2-7]{56}\b/); // seeds
  });

  it("is the same at every writing: the keys come from the market's own secret", async () => {
    expect((await natsKeys(secrets.seedOf)).issuer.publicKey).toBe(keys.issuer.publicKey);
    expect((await natsKeys(loadSecrets(undefined).seedOf)).issuer.publicKey).not.toBe(keys.issuer.publicKey);
  });
});
