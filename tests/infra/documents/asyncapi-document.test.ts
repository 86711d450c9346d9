/** The AsyncAPI document and the JSON Schema files, against the contract's tables and the rules of AsyncAPI 3.0 that matter here. */
import { readdirSync, readFileSync } from "node:fs";
import { Parser } from "@asyncapi/parser";
import { Ajv, type ValidateFunction } from "ajv";
import { describe, expect, it } from "vitest";
import { asyncApiDocument } from "../../../infra/documents/asyncapi-document.js";
import { fieldGroups, rowsOf } from "../../../infra/documents/field-rows.js";
import { jsonText } from "../../../infra/documents/json-text.js";
import { schemaFiles } from "../../../infra/documents/schema-files.js";
import { channels } from "../../../shared/messages/channels.js";
import { rejectCodeNames, rejectCodes } from "../../../shared/reject-codes.js";
import { topicsOf } from "../../../shared/topics.js";

const repository = new URL("../../../", import.meta.url);
const document = asyncApiDocument();
const { messages, schemas } = document.components;
const channelEntries = Object.entries(document.channels);
const lastOf = (reference: string): string => reference.split("/").at(-1) ?? "";

/** What a reference within `root` leads to. */
function target(root: unknown, reference: string): unknown {
  return reference
    .split("/")
    .slice(1)
    .reduce<unknown>((at, step) => (at as Record<string, unknown> | undefined)?.[step], root);
}

function referencesIn(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => (name === "$ref" ? [String(inner)] : referencesIn(inner)));
}

function validators(): Map<string, ValidateFunction> {
  const ajv = new Ajv({ strict: true, strictTuples: false, allowUnionTypes: true });
  return new Map(Object.entries(schemas).map(([name, schema]) => [name, ajv.compile(schema)]));
}

describe("docs/asyncapi.json", () => {
  it("is what the program would write now: else run npm run docs", () => {
    expect(readFileSync(new URL("docs/asyncapi.json", repository), "utf8") === jsonText(document)).toBe(true);
  });

  it("is valid to AsyncAPI's own parser, which refuses a document with a fault", async () => {
    const complaints = async (checked: object): Promise<string[]> => {
      const { diagnostics } = await new Parser().parse(JSON.stringify(checked));
      return diagnostics
        .filter(({ severity }) => severity < 2)
        .map(({ path, message }) => `${path.join("/")}: ${message}`);
    };
    expect(await complaints(document)).toEqual([]);
    const [first = ""] = Object.keys(document.operations);
    const faulty = { ...document, operations: { [first]: { ...document.operations[first], action: "shout" } } };
    expect(await complaints(faulty)).not.toEqual([]);
  });

  it("has every topic of the contract and no other", () => {
    expect(channelEntries.map(([, { title }]) => title)).toEqual(channels.map(({ address }) => address));
    const addresses = channelEntries.map(([, { address }]) => address.replaceAll(/\{[a-z]+\}/g, "?"));
    const expected = channels.map(({ address }) =>
      topicsOf("?").prefix.concat("/", address.replaceAll(/<[a-z]+>|#/g, "?")),
    );
    expect(addresses).toEqual(expected);
  });

  it("has every field of every message with its meaning, as docs/contract.md has, and no other", () => {
    channels.forEach(({ schema }, index) => {
      const inContract = fieldGroups(schema).flatMap(({ rows }) => rows.map(({ field, meaning }) => [field, meaning]));
      const names = Object.keys(channelEntries[index]?.[1].messages ?? {});
      const here = names.flatMap((name) => rowsOf(schemas[name] ?? {}).map(({ field, meaning }) => [field, meaning]));
      expect(here).toEqual(inContract);
    });
  });

  it("has every reject code with its status, in its messages too", () => {
    expect(document["x-reject-codes"]).toEqual(rejectCodes);
    const code = schemas["private-replies-rejected"]?.properties?.code;
    expect(code).toMatchObject({ enum: [...rejectCodeNames] });
  });

  it("leads with every reference somewhere", () => {
    const references = referencesIn(document);
    expect(references.length).toBeGreaterThan(300);
    expect(references.filter((reference) => target(document, reference) === undefined)).toEqual([]);
  });

  it("names in each address exactly the parameters that the channel has", () => {
    for (const [, { address, parameters }] of channelEntries) {
      const named = [...address.matchAll(/\{([a-z]+)\}/g)].map(([, name]) => name);
      expect(Object.keys(parameters)).toEqual(named);
    }
  });

  it("gives each channel an operation, whose messages are that channel's own", () => {
    const operations = Object.values(document.operations);
    const used = new Set(operations.map(({ channel }) => lastOf(channel.$ref)));
    expect([...used]).toEqual(Object.keys(document.channels));
    for (const { channel, messages: carried, reply } of operations) {
      for (const { $ref } of carried) expect($ref.startsWith(`${channel.$ref}/messages/`)).toBe(true);
      for (const { $ref } of reply?.messages ?? [])
        expect($ref.startsWith(`${reply?.channel.$ref}/messages/`)).toBe(true);
    }
  });

  it("lets the market receive what participants send and send what they read, and keeps retained what the contract does", () => {
    expect(document.operations["receive-in-orders"]).toMatchObject({
      action: "receive",
      bindings: { mqtt: { qos: 1, retain: false } },
      reply: { channel: { $ref: "#/channels/private-replies" } },
    });
    expect(document.operations["send-public-price"]?.bindings.mqtt.retain).toBe(true);
    expect(document.operations["send-public-trades"]?.bindings.mqtt.retain).toBe(false);
    expect(document.operations["send-in-orders"]).toBeUndefined();
    expect(document.operations["receive-public-price"]).toBeUndefined();
  });
});

describe("the JSON Schemas of messages", () => {
  it("take every golden example, each as its own kind of message", () => {
    const validate = validators();
    const taken = Object.entries(messages).flatMap(([name, { examples }]) => {
      expect([name, examples.length > 0]).toEqual([name, true]);
      return examples.filter(({ payload }) => validate.get(name)?.(payload));
    });
    expect(taken.length).toBe(channels.reduce((sum, { examples }) => sum + examples.length, 0));
  });

  it("refuse a command with a field too many or one too few", () => {
    const validate = validators();
    const commands = Object.keys(messages).filter((name) => name.startsWith("in-"));
    expect(commands.length).toBeGreaterThan(8);
    for (const name of commands) {
      const payload = messages[name]?.examples[0]?.payload ?? {};
      expect([name, validate.get(name)?.({ ...payload, surprise: 1 })]).toEqual([name, false]);
      expect([name, validate.get(name)?.({ ...payload, v: undefined })]).toEqual([name, false]);
    }
  });

  it("leave messages of the market open for fields to come", () => {
    const payload = messages["public-price"]?.examples[0]?.payload;
    expect(validators().get("public-price")?.({ ...payload, surprise: 1 })).toBe(true);
  });

  it("are committed as docs/schemas, one file for each and an index: else run npm run docs", () => {
    const files = schemaFiles();
    expect(readdirSync(new URL("docs/schemas", repository)).toSorted()).toEqual([...files.keys()].toSorted());
    const stale = [...files].filter(
      ([name, schema]) => readFileSync(new URL(`docs/schemas/${name}`, repository), "utf8") !== jsonText(schema),
    );
    expect(stale.map(([name]) => name)).toEqual([]);
    expect(files.size).toBe(Object.keys(schemas).length + 1);
  });
});
