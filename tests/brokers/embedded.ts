/** The embedded broker for the conformance suite: its thread is what is killed. */
import { breakableBroker } from "../infra/mqtt/breakable-broker.js";
import type { BrokerFixture } from "./fixture.js";

export const embedded: BrokerFixture = {
  name: "the embedded broker",
  missing: undefined,
  async open() {
    const { distFolder, break: breakIt } = breakableBroker();
    return {
      settings: { brokerUrl: undefined, distFolder },
      observer: { username: "observer" },
      takesSecondConnection: true,
      fail: async () => breakIt(),
      stop: async () => {},
    };
  },
};
