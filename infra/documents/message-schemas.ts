/**
 * Every message of the contract as JSON Schema (draft 7, which AsyncAPI reads too), made of the zod schemas that check it.
 *
 * A topic whose messages have several shapes (`place`, `modify`, …) has one schema for each. Objects of the market are left open: readers
 * skip fields that they do not know. Decimals' grid and instants are told in words, for draft 7 cannot say them.
 */
import * as z from "zod";
import type { Channel } from "../../shared/messages/channel.js";
import { channels } from "../../shared/messages/channels.js";
import { fieldMeanings } from "./field-meanings.js";

export type JsonSchema = z.core.JSONSchema.BaseSchema;

export interface MessageSchema {
  /** `in-orders-place`: the topic's levels without ids, and the shape where there are several. */
  readonly name: string;
  readonly schema: JsonSchema;
  /** Golden ones, of this shape. */
  readonly examples: readonly object[];
}

export interface ChannelMessages {
  /** `in-orders`, as in addresses of documents and files. */
  readonly name: string;
  readonly channel: Channel;
  readonly messages: readonly MessageSchema[];
}

/** Every topic of the contract, in the contract's order. */
export function channelMessages(): ChannelMessages[] {
  return channels.map((channel) => {
    const name = channelName(channel.address);
    const shapes = shapesOf(channel.schema);
    const messages = shapes.map((shape) => ({
      name: shapes.length === 1 ? name : `${name}-${shapeName(shape)}`,
      schema: jsonSchemaOf(shape),
      examples: channel.examples.filter((example) => shape.safeParse(example).success),
    }));
    return { name, channel, messages };
  });
}

/** `public-items` of `public/items/<p>`. */
function channelName(address: string): string {
  return address.replaceAll(/\/(<[a-z]+>|#)/g, "").replaceAll("/", "-");
}

function shapesOf(schema: z.ZodType): readonly z.ZodType[] {
  return schema instanceof z.ZodUnion ? (schema.options as readonly z.ZodType[]) : [schema];
}

/** Told apart by its action, its status or its topic: whichever is one constant, in this order. */
function shapeName(shape: z.ZodType): string {
  const { properties = {} } = z.toJSONSchema(shape, { io: "input" });
  for (const field of ["action", "status", "topic"]) {
    const property = properties[field];
    if (typeof property === "object" && typeof property.const === "string") return property.const;
  }
  throw new Error(`neither action, status nor topic tells this shape apart: ${Object.keys(properties).join(", ")}`);
}

/** @param schema of one shape @returns it with a meaning for every field, and without bounds that only say "a number" */
function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  const json = z.toJSONSchema(schema, {
    target: "draft-7",
    io: "input",
    override({ jsonSchema }) {
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  });
  giveMeanings(json);
  return json;
}

/** What a field's own schema does not say is told by its name. */
function giveMeanings(schema: z.core.JSONSchema._JSONSchema): void {
  if (typeof schema !== "object") return;
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const meaning = fieldMeanings[name];
    if (typeof property === "object" && meaning !== undefined && !isDescribed(property)) property.description = meaning;
    giveMeanings(property);
  }
  for (const inner of [...(schema.anyOf ?? []), ...[schema.items ?? []].flat()]) giveMeanings(inner);
}

function isDescribed({ description, anyOf = [], items = [] }: JsonSchema): boolean {
  const inside = [...anyOf, ...[items].flat()];
  return description !== undefined || inside.some((inner) => typeof inner === "object" && isDescribed(inner));
}
