/** The JSON Schema files: one for each kind of message, and an index that says which topic each belongs to. */
import { topicsOf } from "../../shared/topics.js";
import { channelMessages, type JsonSchema } from "./message-schemas.js";

/** By file name, such as `in-orders-place.json`; the index is `index.json`. Pure: the same source gives the same files. */
export function schemaFiles(): ReadonlyMap<string, object> {
  const files = new Map<string, object>();
  const index = channelMessages().map(({ channel, messages }) => {
    for (const { name, schema, examples } of messages) {
      files.set(fileOf(name), titled(schema, name, channel.summary, examples));
    }
    const topic = `${topicsOf("<m>").prefix}/${channel.address}`;
    return { topic, schemas: messages.map(({ name }) => fileOf(name)) };
  });
  return new Map<string, object>([["index.json", { topics: index }], ...files]);
}

const fileOf = (name: string): string => `${name}.json`;

function titled(schema: JsonSchema, title: string, description: string, examples: readonly object[]): object {
  const { $schema, ...rest } = schema;
  return { $schema, title, description, ...rest, examples };
}
