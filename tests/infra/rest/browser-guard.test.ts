/** Whose pages may use a market from a browser. */
import { describe, expect, it } from "vitest";
import { createBrowserGuard } from "../../../infra/rest/browser-guard.js";

const host = "127.0.0.1:5001";

describe("a market of whoever has a key", () => {
  const guard = createBrowserGuard({ origins: ["https://shop.example"] });

  it.each([
    ["what is no browser", { host }],
    ["its own page", { host, origin: `http://${host}` }],
    ["its own page behind a proxy that speaks TLS", { host: "market.example", origin: "https://market.example" }],
    ["the same, with the port that is the usual one", { host: "market.example:443", origin: "https://market.example" }],
    ["a page that the operator lets in", { host, origin: "https://shop.example" }],
    ["whatever name leads to it", { host: "market.example:5001", origin: "http://market.example:5001" }],
  ])("lets in %s", (_what, headers) => {
    expect(guard.refusal(headers)).toBeUndefined();
  });

  it.each([
    ["another host's page", { host, origin: "http://evil.example" }],
    ["a page of this machine at another port", { host, origin: "http://127.0.0.1:3000" }],
    ["a file, or a frame that may be anybody's", { host, origin: "null" }],
    ["what is no origin", { host, origin: "market" }],
    ["a page that begins like one that is let in", { host, origin: "https://shop.example.evil.example" }],
    ["any page where no host is named", { origin: "http://127.0.0.1:5001" }],
  ])("refuses %s, and says what to do", (_what, headers) => {
    expect(guard.refusal(headers)).toContain("--origin");
  });
});

describe("a server where everybody sees everything", () => {
  const guard = createBrowserGuard({ origins: ["https://runs.example"], knowsItsNames: true });

  it.each([host, "localhost:5001", "[::1]:5001", "192.0.2.7:5001", "runs.example"])("is found at %s", (name) => {
    expect(guard.refusal({ host: name })).toBeUndefined();
  });

  it("is not there for a page whose own name leads to it, though the page's origin is then the same", () => {
    const rebound = { host: "evil.example:5001", origin: "http://evil.example:5001" };
    expect(createBrowserGuard({}).refusal(rebound)).toBeUndefined();
    expect(guard.refusal(rebound)).toContain("not evil.example:5001");
    expect(guard.refusal({ host: "localhost.evil.example" })).toContain("--origin");
    expect(guard.refusal({})).toContain("--origin");
  });

  it("says nothing in a stranger's words", () => {
    expect(guard.refusal({ host: "<script>" })).toContain("another host");
  });
});
