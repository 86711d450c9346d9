/** Mosquitto with its dynamic security plugin for the conformance suite, on the file that the market's accounts make. */
import { resolve } from "node:path";
import { isMosquittoInstalled, prepareMosquitto } from "../processes/mosquitto.js";
import type { BrokerFixture } from "./fixture.js";

export const mosquitto: BrokerFixture = {
  name: "Mosquitto",
  missing: isMosquittoInstalled() ? undefined : "mosquitto is not installed",
  async open({ scenario, secrets, folder }) {
    const broker = await prepareMosquitto({
      ...{ scenario, secrets, folder, configuration: "infra/containers/mosquitto-plugin.conf" },
      changed: (text) => text.replace("allow_anonymous true", "allow_anonymous false"), // as where strangers reach it
    });
    await broker.start();
    return {
      settings: { brokerUrl: broker.url, distFolder: resolve("dist") },
      observer: { username: "observer", password: "observer" },
      takesSecondConnection: false,
      async fail() {
        await broker.kill();
        await broker.start();
      },
      stop: broker.kill,
    };
  },
};
