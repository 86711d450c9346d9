import { createPublicKey, verify } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { drawSecrets, loadSecrets, sha256 } from "../../../infra/main/secrets.js";

let parent = "";
let state = "";
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), "elecbay-secrets-"));
  state = join(parent, "made", "when", "missing");
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

const modeOf = (file: string): number => statSync(join(state, file)).mode & 0o777;

describe("the secrets of a market", () => {
  it("lie in the state folder, where only their owner reads what is secret", () => {
    const { operatorKeyFile } = loadSecrets(state);
    expect(operatorKeyFile).toBe(join(state, "operator.key"));
    expect(readdirSync(state).sort()).toEqual(["operator.key", "secret", "statement-head.pub"]);
    expect([modeOf("."), modeOf("secret"), modeOf("operator.key")]).toEqual([0o700, 0o600, 0o600]);
  });

  it("are the same again after a restart, and others in another folder", () => {
    const first = loadSecrets(state);
    const again = loadSecrets(state);
    const elsewhere = loadSecrets(join(parent, "elsewhere"));
    for (const account of ["operator", "bidding", "peer1"]) {
      expect(again.passwordOf(account)).toBe(first.passwordOf(account));
      expect(elsewhere.passwordOf(account)).not.toBe(first.passwordOf(account));
    }
    expect(again.statementKey()).toBe(first.statementKey());
    expect(readFileSync(join(state, "operator.key"), "utf8")).toBe(`${first.passwordOf("operator")}\n`);
  });

  it("give every account a password of its own, 256 bits long", () => {
    const { passwordOf } = loadSecrets(state);
    const passwords = ["operator", "bidding", "exchange", "peer1", "peer10"].map(passwordOf);
    expect(new Set(passwords).size).toBe(5);
    for (const password of passwords) expect(Buffer.from(password, "base64url")).toHaveLength(32);
  });

  it("are kept nowhere, and others each time, without a state folder", () => {
    const secrets = loadSecrets(undefined);
    expect(secrets.operatorKeyFile).toBeUndefined();
    expect(loadSecrets(undefined).passwordOf("operator")).not.toBe(secrets.passwordOf("operator"));
  });

  it("sign statement heads so that the public key beside them verifies, and no changed text does", () => {
    const { sign } = loadSecrets(state);
    const key = createPublicKey(readFileSync(join(state, "statement-head.pub"), "utf8"));
    const signature = Buffer.from(sign("2016-08-01\n4f6e"), "base64");
    expect(verify(null, Buffer.from("2016-08-01\n4f6e"), key, signature)).toBe(true);
    expect(verify(null, Buffer.from("2016-08-02\n4f6e"), key, signature)).toBe(false);
  });

  it("are drawn without a trace, and written when they are kept", () => {
    const drawn = drawSecrets(state);
    expect([drawn.isNew, existsSync(state)]).toEqual([true, false]);
    drawn.keep();
    drawn.keep();
    expect(loadSecrets(state).passwordOf("peer1")).toBe(drawn.secrets.passwordOf("peer1"));
    expect(drawSecrets(state).isNew).toBe(false);
  });

  it("are not made anew beside the journals of a market that was begun with others", () => {
    mkdirSync(join(state, "journal"), { recursive: true });
    writeFileSync(join(state, "journal", "supervisor.sqlite"), "");
    expect(() => loadSecrets(state)).toThrow(/`secret` is missing: put it back/);
    expect(readdirSync(state)).toEqual(["journal"]);
  });

  it("never come from a file that holds no secret", () => {
    loadSecrets(state);
    writeFileSync(join(state, "secret"), "\n");
    expect(() => loadSecrets(state)).toThrow(/secret/);
  });
});

describe("the hash of a text", () => {
  it("is SHA-256 in lower-case hex", () => {
    expect(sha256("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  });
});
