/** A running market whose certificate is renewed: taken from the next connection on, on every port, by itself and when it is told to look. */
import { X509Certificate } from "node:crypto";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { connect } from "node:tls";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { cleanUp, newFolder } from "../infra/cli/program.js";
import { type RunningMarket, runMarket } from "./running-market.js";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });
const made = resolve("tests/brokers/certificate");
const soon = { timeout: 20_000, interval: 200 };

describe("a market whose certificate is renewed", () => {
  const folder = newFolder();
  const [certFile, keyFile] = [join(folder, "market.pem"), join(folder, "market.key")];
  const put = (name: string): void => {
    copyFileSync(`${made}/${name}.pem`, certFile);
    copyFileSync(`${made}/${name}.key`, keyFile);
  };
  let market: RunningMarket;
  beforeAll(async () => {
    put("localhost");
    market = await runMarket("--tls-cert", certFile, "--tls-key", keyFile);
  });
  afterAll(async () => {
    await market.stop();
    cleanUp();
  });

  /** By which of the certificates a port is opened. */
  const shownAt = (port: number): Promise<string> =>
    new Promise((done, fail) => {
      const socket = connect({ port, host: "127.0.0.1", rejectUnauthorized: false }, () => {
        const shown = socket.getPeerX509Certificate()?.fingerprint256;
        const isOf = (name: string) =>
          new X509Certificate(readFileSync(`${made}/${name}.pem`)).fingerprint256 === shown;
        done(["localhost", "renewed"].find(isOf) ?? "another");
        socket.destroy();
      });
      socket.on("error", fail);
    });
  const shown = async () => [await shownAt(market.mqttPort), await shownAt(market.restPort)];

  it("keeps the old one, and says so, where the new one is none or not that of the key", async () => {
    expect(await shown()).toEqual(["localhost", "localhost"]);
    copyFileSync(`${made}/renewed.pem`, certFile);
    market.program.child.kill("SIGHUP");
    await market.program.line(/the old one stays in use: .*not the key of the certificate/);
    writeFileSync(certFile, "no certificate");
    market.program.child.kill("SIGHUP");
    await market.program.line(/the old one stays in use: .*no certificate in PEM form/);
    expect(await shown()).toEqual(["localhost", "localhost"]);
  });

  it("takes the new one when it is told to look, on MQTT and on REST", async () => {
    put("renewed");
    market.program.child.kill("SIGHUP");
    await expect.poll(shown, soon).toEqual(["renewed", "renewed"]);
  });

  it("finds by itself that its files have changed", async () => {
    put("localhost");
    await expect.poll(shown, soon).toEqual(["localhost", "localhost"]);
  });
});
