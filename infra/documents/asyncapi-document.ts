/**
 * The topics as AsyncAPI 3.0, told as the market's side: it sends what is public and private, and receives what participants send; its own
 * processes do both on `manage/`.
 *
 * Pure and made from the same tables as docs/contract.md, so that a test can tell when the committed document is out of date.
 */
import { participantRoles, processRoles } from "../../shared/participant-id.js";
import { rejectCodes } from "../../shared/reject-codes.js";
import { topicsOf } from "../../shared/topics.js";
import { notYetServed } from "./contract-rules.js";
import { type ChannelMessages, channelMessages, type JsonSchema } from "./message-schemas.js";

interface Reference {
  readonly $ref: string;
}

export interface AsyncApiChannel {
  readonly address: string;
  readonly title: string;
  readonly summary: string;
  readonly description: string;
  readonly tags: readonly { readonly name: string }[];
  readonly messages: Readonly<Record<string, Reference>>;
  readonly parameters: Readonly<Record<string, Reference>>;
  readonly "x-retained": string;
  readonly "x-written-by": string;
  readonly "x-not-yet-served"?: string;
}

export interface AsyncApiMessage {
  readonly name: string;
  readonly title: string;
  readonly contentType: string;
  readonly correlationId?: Reference;
  readonly payload: Reference;
  readonly examples: readonly { readonly payload: object }[];
}

export interface AsyncApiOperation {
  readonly action: "send" | "receive";
  readonly channel: Reference;
  readonly summary: string;
  readonly security: readonly Reference[];
  readonly messages: readonly Reference[];
  readonly bindings: { readonly mqtt: { readonly qos: 1; readonly retain: boolean; readonly bindingVersion: string } };
  readonly reply?: { readonly channel: Reference; readonly messages: readonly Reference[] };
}

export interface AsyncApiDocument {
  readonly asyncapi: "3.0.0";
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly servers: Readonly<Record<string, object>>;
  readonly channels: Readonly<Record<string, AsyncApiChannel>>;
  readonly operations: Readonly<Record<string, AsyncApiOperation>>;
  readonly components: {
    readonly messages: Readonly<Record<string, AsyncApiMessage>>;
    readonly schemas: Readonly<Record<string, JsonSchema>>;
    readonly parameters: Readonly<Record<string, Parameter>>;
    readonly securitySchemes: Readonly<Record<string, SecurityScheme>>;
    readonly correlationIds: Readonly<Record<string, { readonly location: string; readonly description: string }>>;
  };
  readonly "x-reject-codes": Readonly<Record<string, number>>;
  readonly "x-roles": { readonly participants: readonly string[]; readonly processes: readonly string[] };
  readonly "x-not-yet-served": readonly string[];
}

export interface SecurityScheme {
  readonly type: "userPassword";
  readonly description: string;
}

interface Parameter {
  readonly description: string;
  readonly default?: string;
  readonly examples?: readonly string[];
  readonly enum?: readonly string[];
}

export type Area = "public" | "in" | "private" | "manage" | "inspect";

/** What each area is for: the tags, in the order of the document. */
export const areas: Readonly<Record<Area, string>> = {
  public: "What everybody may read",
  in: "What a participant sends",
  private: "What one participant alone may read",
  manage: "Between the market's own processes",
  inspect: "What operators see of the actors",
};

/** Of the contract, not of the program: `v` of every message is its first number. */
const contractVersion = "1.0.0";
const bindingVersion = "0.2.0";
const to = (...path: string[]): Reference => ({ $ref: `#/${path.join("/")}` });

const parameters: Readonly<Record<string, Parameter>> = {
  market: { description: "the market's name", default: "main" },
  id: {
    description: "a participant: 2 to 32 of a-z 0-9 _ -, a letter first",
    examples: ["ann", "bot12"],
  },
  period: { description: "a delivery period: its start in UTC", examples: ["20160801-0030"] },
  role: { description: "a market process", enum: processRoles },
  program: { description: "a running program that tells of actors", examples: ["bots-8c0f21aa"] },
  node: { description: "a market process, or a bot by its id", examples: ["bidding", "bot12"] },
  machine: { description: "a machine's id", examples: ["bidding-period"] },
  actor: { description: "an actor's number within the program that runs it", examples: ["x3"] },
};
const parameterOf: Readonly<Record<string, string>> = {
  "<id>": "id",
  "<p>": "period",
  "<role>": "role",
  "<node>": "node",
  "<program>": "program",
  "<machine>": "machine",
  "<actor>": "actor",
};

const securitySchemes: Readonly<Record<string, SecurityScheme>> = {
  observer: {
    type: "userPassword",
    description:
      "user `observer`, no password unless the scenario says otherwise: reads `public/#`; who does not log in at all may do the same",
  },
  participant: {
    type: "userPassword",
    description:
      "user name = id, password = key, client id = id (or `<id>/<anything>`): writes `in/<id>/#`, reads `public/#` and `private/<id>/#`",
  },
  operator: { type: "userPassword", description: "user `operator` with the operator's key: reads everything" },
  process: {
    type: "userPassword",
    description: "a market process under its role's name, with a secret made at the start: writes what its tables say",
  },
};
const readers: Readonly<Record<Area, readonly (keyof typeof securitySchemes)[]>> = {
  public: ["observer", "participant", "operator", "process"],
  in: ["participant"],
  private: ["participant", "operator", "process"],
  manage: ["process", "operator"],
  inspect: ["process", "operator"],
};

/** The whole document. */
export function asyncApiDocument(): AsyncApiDocument {
  const all = channelMessages();
  const schemas = all.flatMap(({ messages }) => messages.map(({ name, schema }) => [name, withoutDialect(schema)]));
  return {
    asyncapi: "3.0.0",
    info: {
      title: "open-elecbay",
      version: contractVersion,
      description:
        "A local energy market over MQTT. One JSON object per message; a command gets exactly one reply on the sender's private topic, and only that reply says that it is accepted. Rules for every message: docs/contract.md.",
    },
    servers: {
      mqtt: {
        host: "{host}:{port}",
        protocol: "mqtt",
        protocolVersion: "3.1.1",
        description: "The market's broker; MQTT 5 is welcome where the broker speaks it.",
        variables: { host: { default: "127.0.0.1" }, port: { default: "1883" } },
        security: Object.keys(securitySchemes).map((name) => to("components", "securitySchemes", name)),
        bindings: { mqtt: { cleanSession: false, bindingVersion } },
        tags: Object.entries(areas).map(([name, description]) => ({ name, description })),
      },
    },
    channels: Object.fromEntries(all.map((entry) => [entry.name, channelOf(entry)])),
    operations: Object.fromEntries(all.flatMap(operationsOf)),
    components: {
      messages: Object.fromEntries(all.flatMap(messagesOf)),
      schemas: Object.fromEntries(schemas),
      parameters,
      securitySchemes,
      correlationIds: {
        requestId: { location: "$message.payload#/requestId", description: "the command's own, in its reply too" },
      },
    },
    "x-reject-codes": rejectCodes,
    "x-roles": { participants: participantRoles, processes: processRoles },
    "x-not-yet-served": notYetServed,
  };
}

/** The area of a topic: its first level below the market's name. */
export function areaOf(address: string): Area {
  const area = address.split("/")[0];
  if (area === undefined || !(area in areas)) throw new Error(`no area of the contract: ${address}`);
  return area as Area;
}

function withoutDialect({ $schema: _, ...schema }: JsonSchema): JsonSchema {
  return schema;
}

/** `{market}`, `{id}` and the like, where the contract writes `<id>`. */
function levelsOf(address: string): { readonly address: string; readonly names: readonly string[] } {
  const names = ["market"];
  const levels = address.split("/").map((level) => {
    const name = parameterOf[level];
    if (name === undefined) return level;
    names.push(name);
    return `{${name}}`;
  });
  return { address: `${topicsOf("{market}").prefix}/${levels.join("/")}`, names };
}

function channelOf({ channel, messages }: ChannelMessages): AsyncApiChannel {
  const { address, names } = levelsOf(channel.address);
  const { summary, retained, writtenBy, notYet } = channel;
  return {
    address,
    title: channel.address,
    summary,
    description: `Retained: ${retained}. Written by: ${writtenBy}.${notYet === undefined ? "" : ` Not yet served. ${notYet}`}`,
    tags: [{ name: areaOf(channel.address) }],
    messages: Object.fromEntries(messages.map((message) => [message.name, to("components", "messages", message.name)])),
    parameters: Object.fromEntries(names.map((parameter) => [parameter, to("components", "parameters", parameter)])),
    "x-retained": retained,
    "x-written-by": writtenBy,
    ...(notYet === undefined ? {} : { "x-not-yet-served": notYet }),
  };
}

function messagesOf({ messages }: ChannelMessages): [string, AsyncApiMessage][] {
  return messages.map(({ name, schema, examples }) => [
    name,
    {
      ...{ name, title: name, contentType: "application/json" },
      ...("requestId" in (schema.properties ?? {})
        ? { correlationId: to("components", "correlationIds", "requestId") }
        : {}),
      payload: to("components", "schemas", name),
      examples: examples.map((payload) => ({ payload })),
    },
  ]);
}

/** What the operator alone writes below `manage/`. */
const fromOperator: readonly string[] = ["manage-control", "manage-inspect", "manage-inspect-send"];

/** Who reads and who writes, from the market's side. */
function operationsOf({ name, channel, messages }: ChannelMessages): [string, AsyncApiOperation][] {
  const area = areaOf(channel.address);
  const operation = (action: "send" | "receive"): AsyncApiOperation => ({
    action,
    channel: to("channels", name),
    summary: channel.summary,
    security: readers[area].map((scheme) => to("components", "securitySchemes", scheme)),
    messages: messages.map((message) => to("channels", name, "messages", message.name)),
    bindings: { mqtt: { qos: 1, retain: !/^(no|never)$/.test(channel.retained), bindingVersion } },
  });
  const send: [string, AsyncApiOperation] = [`send-${name}`, operation("send")];
  const receive: [string, AsyncApiOperation] = [`receive-${name}`, { ...operation("receive"), ...replyOf(name) }];
  if (area === "in" || fromOperator.includes(name)) return [receive];
  return area === "manage" && name !== "manage-inspecting" ? [send, receive] : [send];
}

/** Commands are answered on the sender's private topic; what only tells is not. */
function replyOf(name: string): Pick<AsyncApiOperation, "reply"> {
  if (!["in-items", "in-orders", "in-meter", "in-batch"].includes(name)) return {};
  const kinds = name === "in-batch" ? ["batch", "rejected"] : ["accepted", "rejected"];
  const replies = kinds.map((kind) => to("channels", "private-replies", "messages", `private-replies-${kind}`));
  return { reply: { channel: to("channels", "private-replies"), messages: replies } };
}
