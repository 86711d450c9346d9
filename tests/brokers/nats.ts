/** A NATS server for the conformance suite, as the market's own configuration makes it. */
import { resolve } from "node:path";
import { natsServerProgram, prepareNatsServer } from "../processes/nats-server.js";
import type { BrokerFixture } from "./fixture.js";

const program = natsServerProgram();

export const nats: BrokerFixture = {
  name: "a NATS server",
  missing: program === undefined ? "nats-server 2.10 or newer is not installed" : undefined,
  async open({ secrets, folder }) {
    const server = await prepareNatsServer(program ?? "", secrets, folder);
    await server.start();
    return {
      settings: { brokerUrl: server.mqttUrl, natsUrl: server.natsUrl, distFolder: resolve("dist") },
      observer: { username: "observer" },
      takesSecondConnection: true,
      async fail() {
        await server.kill();
        await server.start();
      },
      stop: server.kill,
    };
  },
};
