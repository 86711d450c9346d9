import { pbkdf2Sync } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { type MosquittoFiles, mosquittoFiles } from "../../../infra/main/mosquitto-files.js";
import { loadSecrets } from "../../../infra/main/secrets.js";
import { loadScenario } from "../../../infra/scenario/load-scenario.js";
import { channels } from "../../../shared/messages/channels.js";
import { processRoles } from "../../../shared/participant-id.js";

const secrets = loadSecrets(undefined);
let files: MosquittoFiles;
let ids: string[] = [];
const hashes = new Map<string, string>();

beforeAll(() => {
  const { terms } = loadScenario("scenarios/thesis-microgrid.yaml", {});
  ids = terms.members.map(({ id }) => id);
  files = mosquittoFiles(terms, true, secrets);
  for (const line of files.passwords.trimEnd().split("\n")) {
    const [user = "", hash = ""] = line.split(":");
    hashes.set(user, hash);
  }
});

/** As Mosquitto checks `$7$iterations$salt$hash`. */
function isPassword(user: string, password: string): boolean {
  const [, kind, iterations, salt = "", hash] = (hashes.get(user) ?? "").split("$");
  const derived = pbkdf2Sync(password, Buffer.from(salt, "base64"), Number(iterations), 64, "sha512");
  return kind === "7" && derived.toString("base64") === hash;
}

/** The lines of the access list that stand for `user`; the empty name: before any user. */
function linesOf(user: string): string[] {
  const block = files.access
    .split(/^user /m)
    .find((text, index) => (index === 0 ? user === "" : text.startsWith(`${user}\n`)));
  return (block ?? "")
    .split("\n")
    .slice(user === "" ? 0 : 1)
    .filter((line) => line !== "" && !line.startsWith("#"));
}

describe("the password file for Mosquitto", () => {
  it("has the market, its processes, who tells what actors do, the operator, the observer, the scenario's participants and five guests", () => {
    const guests = ["guest1", "guest2", "guest3", "guest4", "guest5"];
    expect([...hashes.keys()].sort()).toEqual(
      [...["market", "operator", "observer", "inspect"], ...processRoles, ...ids, ...guests].sort(),
    );
  });

  it("verifies the very passwords that market and bots log in with, and no other", () => {
    for (const user of ["market", "bidding", "operator", "peer1"])
      expect(isPassword(user, secrets.passwordOf(user))).toBe(true);
    expect(isPassword("peer1", secrets.passwordOf("peer2"))).toBe(false);
    expect(isPassword("peer1", "")).toBe(false);
    expect(isPassword("guest3", "guest3")).toBe(true);
  });

  it("salts each password alone", () => {
    const salts = [...hashes.values()].map((hash) => hash.split("$")[3]);
    expect(new Set(salts).size).toBe(hashes.size);
  });

  it("has no guests where the scenario welcomes none", () => {
    const { terms } = loadScenario("scenarios/thesis-microgrid.yaml", {});
    expect(mosquittoFiles(terms, false, secrets).passwords).not.toContain("guest");
  });
});

describe("the access list for Mosquitto", () => {
  it("lets everybody read what is public, and each participant write and read its own by pattern", () => {
    expect(linesOf("")).toEqual([
      "topic read elecbay/main/public/#",
      "pattern read elecbay/main/public/#", // whoever is logged in; the line above is for who is not
      ...["items", "orders", "meter", "batch", "ready", "status"].map(
        (name) => `pattern write elecbay/main/in/%u/${name}`,
      ),
      "pattern read elecbay/main/private/%u/#",
    ]);
  });

  it("lets the operator read everything and write what it asks of the market alone", () => {
    const asked = ["control", "inspect", "inspect-send"].map((name) => `topic write elecbay/main/manage/${name}`);
    expect(linesOf("operator")).toEqual(["topic read elecbay/main/#", ...asked]);
  });

  it("lets every process write what the contract says it writes", () => {
    const missing = channels
      .filter(
        ({ address, notYet }) => !address.startsWith("in/") && !address.startsWith("inspect/") && notYet === undefined,
      )
      .flatMap(({ address, writtenBy }) =>
        processRoles
          .filter((role) => writtenBy === role)
          .map((role) => ({
            role,
            line: `topic write elecbay/main/${address.replaceAll(/<id>|<p>/g, "+").replace("<role>", role)}`,
          })),
      )
      .filter(
        ({ role, line }) => !linesOf(role).includes(line) && !linesOf(role).includes("topic write elecbay/main/#"),
      );
    expect(missing).toEqual([]);
  });

  it("lets no process but the supervisor, which clears at its start, write beyond its own list", () => {
    for (const role of processRoles) {
      const written = linesOf(role).filter((line) => line.startsWith("topic write "));
      expect(written.length).toBeGreaterThan(0);
      if (role === "supervisor") expect(written).toEqual(["topic write elecbay/main/#"]);
      else
        expect(written.filter((line) => line.includes("#") || (role !== "api" && line.includes("/in/")))).toEqual([]);
    }
  });
});
