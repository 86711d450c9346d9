/** The contract's documents as they are served. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asyncApiDocument } from "../../../infra/documents/asyncapi-document.js";
import { documentRoutes } from "../../../infra/documents/document-routes.js";
import { schemaFiles } from "../../../infra/documents/schema-files.js";
import { rejectCodeNames } from "../../../shared/reject-codes.js";
import { type RestStage, restStage } from "../rest/rest-stage.js";

let stage: RestStage;
beforeAll(async () => {
  stage = await restStage(undefined, [documentRoutes]);
});
afterAll(() => stage.app.close());

describe("the contract's documents", () => {
  it("are AsyncAPI at /asyncapi.json and JSON Schema files below /schemas/, without a key", async () => {
    expect((await stage.ask("GET", "/asyncapi.json")).json).toEqual(JSON.parse(JSON.stringify(asyncApiDocument())));
    for (const [name, schema] of schemaFiles()) {
      const answer = await stage.ask("GET", `/schemas/${name}`);
      expect([name, answer.status, answer.json]).toEqual([name, 200, JSON.parse(JSON.stringify(schema))]);
    }
    const none = await stage.ask("GET", "/schemas/none.json");
    expect([none.status, none.json.code]).toEqual([404, "not-found"]);
  });

  it("are not among the operations of OpenAPI", async () => {
    const { paths } = (await stage.ask("GET", "/swagger/json")).json as { paths: object };
    expect(Object.keys(paths).filter((path) => /asyncapi|schemas/.test(path))).toEqual([]);
  });
});

describe("the page at /asyncapi/", () => {
  it("shows every topic, field, kind of message and reject code", async () => {
    const { text, headers } = await stage.ask("GET", "/asyncapi/");
    expect(headers["content-type"]).toContain("text/html");
    const shown = text.replaceAll("<wbr>", "");
    const { channels, components } = asyncApiDocument();
    for (const [name, { address }] of Object.entries(channels)) {
      expect(shown).toContain(`id="${name}"`);
      expect(shown).toContain(`<code>${address}</code>`);
    }
    for (const name of Object.keys(components.schemas)) expect(shown).toContain(`href="/schemas/${name}.json"`);
    for (const code of rejectCodeNames) expect(shown).toContain(`<code>${code}</code>`);
    expect(shown).toContain("<code>orders[].wouldTradeAtPerKwh</code>");
  });

  it("loads nothing but its own stylesheet, and every link on it leads somewhere", async () => {
    const { text } = await stage.ask("GET", "/asyncapi/");
    expect(text).not.toMatch(/<script|https?:\/\/|src=/);
    expect(text.match(/<link [^>]*>/g)).toEqual(['<link rel="stylesheet" href="/asyncapi/style.css">']);
    const links = new Set([...text.matchAll(/href="([^"]+)"/g)].map(([, link = ""]) => link));
    for (const link of links) {
      if (link.startsWith("#")) expect(text).toContain(`id="${link.slice(1)}"`);
      else expect([link, (await stage.ask("GET", link)).status]).toEqual([link, 200]);
    }
  });

  it("is found without the slash, too", async () => {
    const { status, headers } = await stage.ask("GET", "/asyncapi");
    expect([status, headers.location]).toEqual([302, "/asyncapi/"]);
  });
});
