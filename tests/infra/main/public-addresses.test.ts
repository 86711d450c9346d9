import { hostname } from "node:os";
import { describe, expect, it } from "vitest";
import { isLoopbackHost, mqttAddresses, restAddress } from "../../../infra/main/public-addresses.js";

const ports = { mqttPort: 1883, restPort: 5001 };
const at = (host: string, isEncrypted = false) => ({ ...ports, host, isEncrypted });

describe("the addresses that newcomers are told", () => {
  it.each([
    ["where the market listens", at("192.0.2.1"), "market.example", "mqtt://192.0.2.1:1883"],
    [
      "the name they came by where it listens everywhere",
      at("0.0.0.0"),
      "market.example",
      "mqtt://market.example:1883",
    ],
    ["the same with TLS, for the certificate has a name", at("192.0.2.1", true), "m.example", "mqtts://m.example:1883"],
    ["an IPv6 address in brackets", at("::"), "[2001:db8::1]", "mqtt://[2001:db8::1]:1883"],
    ["the same of the market's own", at("2001:db8::1"), "x", "mqtt://[2001:db8::1]:1883"],
    ["the machine's name for one that is none", at("0.0.0.0"), "a/b?<c>", `mqtt://${hostname()}:1883`],
  ])("are %s", (_what, doors, asked, mqtt) => {
    expect(mqttAddresses(doors, asked)[0]).toBe(mqtt);
  });

  it("have WebSockets on the port of REST", () => {
    expect(mqttAddresses(at("0.0.0.0", true), "m.example")[1]).toBe("wss://m.example:5001/mqtt");
    expect(mqttAddresses(at("127.0.0.1"), "m.example")[1]).toBe("ws://127.0.0.1:5001/mqtt");
    expect([restAddress(at("::1")), restAddress(at("m.example", true))]).toEqual([
      ...["http://[::1]:5001", "https://m.example:5001"],
    ]);
  });
});

describe("loopback", () => {
  it.each([
    ...[
      ["127.0.0.1", true] as const,
      ["127.9.9.9", true] as const,
      ["localhost", true] as const,
      ["::1", true] as const,
    ],
    ...[["0.0.0.0", false] as const, ["::", false] as const, ["192.0.2.1", false] as const],
    ...[["127.evil.example", false] as const, ["localhost.example", false] as const],
  ])("of %s is %s", (host, is) => {
    expect(isLoopbackHost(host)).toBe(is);
  });
});
