/**
 * The fields of a message schema as rows of a table, read from the JSON Schema that zod makes of it.
 *
 * Lists show as `name[]`, what is inside as `name[].field`. A union gives one group of rows per variant, named by the
 * constant that tells it apart (`action: "place"`).
 */
import * as z from "zod";
import { fieldMeanings } from "./field-meanings.js";

type JsonSchema = z.core.JSONSchema.BaseSchema;

export interface FieldRow {
  readonly field: string;
  readonly type: string;
  readonly optional: boolean;
  readonly meaning: string;
}

export interface FieldGroup {
  /** Undefined where the message has one shape only. */
  readonly variant: string | undefined;
  readonly rows: readonly FieldRow[];
}

/** @throws Error where the schema is no object or union of objects. */
export function fieldGroups(schema: z.ZodType): FieldGroup[] {
  const json = z.toJSONSchema(schema, { io: "input" });
  const variants = json.oneOf ?? json.anyOf;
  if (variants === undefined) return [{ variant: undefined, rows: rowsOf(json, "") }];
  return variants.map((variant) => ({ variant: variantName(variant), rows: rowsOf(variant, "") }));
}

/** JSON Schema allows `true` and `false` for schemas: they say nothing about fields. */
function schemaOf(value: z.core.JSONSchema._JSONSchema | undefined): JsonSchema {
  return typeof value === "object" ? value : {};
}

function variantName(variant: JsonSchema): string {
  for (const [name, value] of Object.entries(variant.properties ?? {})) {
    const { const: constant } = schemaOf(value);
    if (name !== "v" && constant !== undefined) return `${name}: ${JSON.stringify(constant)}`;
  }
  throw new Error(`no constant tells this variant apart: ${JSON.stringify(variant)}`);
}

/** @param object JSON Schema of an object, of draft 7 or newer @throws Error where it has no fields */
export function rowsOf(object: JsonSchema, prefix = ""): FieldRow[] {
  const required = new Set(object.required ?? []);
  if (object.properties === undefined) throw new Error(`no fields in ${JSON.stringify(object)}`);
  return Object.entries(object.properties).flatMap(([name, value]) => {
    const schema = schemaOf(value);
    const bare = withoutNull(schema);
    const row = {
      field: `${prefix}${name}`,
      type: typeName(schema),
      optional: !required.has(name),
      meaning: schema.description ?? bare.description ?? itemsOf(bare).description ?? fieldMeanings[name] ?? "",
    };
    return [row, ...innerRows(bare, row.field)];
  });
}

function innerRows(schema: JsonSchema, field: string): FieldRow[] {
  if (schema.properties !== undefined) return rowsOf(schema, `${field}.`);
  const items = itemsOf(schema);
  return items.properties === undefined ? [] : rowsOf(items, `${field}[].`);
}

function itemsOf({ items }: JsonSchema): JsonSchema {
  return Array.isArray(items) ? {} : schemaOf(items);
}

function withoutNull(schema: JsonSchema): JsonSchema {
  return schema.anyOf?.find((variant) => variant.type !== "null") ?? schema;
}

function typeName(schema: JsonSchema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(", ");
  if (schema.anyOf !== undefined) return schema.anyOf.map(typeName).join(" or ");
  if (schema.prefixItems !== undefined)
    return `[${schema.prefixItems.map((item) => typeName(schemaOf(item))).join(", ")}]`;
  if (Array.isArray(schema.items)) return `[${schema.items.map((item) => typeName(schemaOf(item))).join(", ")}]`;
  if (schema.type === "array") return `list of ${typeName(schemaOf(schema.items))}`;
  const type = Array.isArray(schema.type) ? schema.type.join(" or ") : (schema.type ?? "any");
  return `${type}${rangeOf(schema)}`;
}

function rangeOf({ minimum, maximum, exclusiveMinimum, maxLength }: JsonSchema): string {
  const bounds: string[] = [];
  if (minimum !== undefined && minimum !== Number.MIN_SAFE_INTEGER) bounds.push(`≥ ${minimum}`);
  if (exclusiveMinimum !== undefined) bounds.push(`> ${exclusiveMinimum}`);
  if (maximum !== undefined && maximum !== Number.MAX_SAFE_INTEGER) bounds.push(`≤ ${maximum}`);
  if (maxLength !== undefined) bounds.push(`at most ${maxLength} characters`);
  return bounds.length === 0 ? "" : ` ${bounds.join(", ")}`;
}
