/** The contract's documents over HTTP: `/asyncapi.json`, a page of it at `/asyncapi/`, and JSON Schema files below `/schemas/`. No key is needed. */
import * as z from "zod";
import { ProblemError } from "../rest/problem.js";
import type { RestApp } from "../rest/rest-app.js";
import { asyncApiDocument } from "./asyncapi-document.js";
import { asyncApiPage } from "./asyncapi-page.js";
import { asyncApiStyle } from "./asyncapi-style.js";
import { jsonText } from "./json-text.js";
import { schemaFiles } from "./schema-files.js";

const path = z.strictObject({ file: z.string().max(100) });
const json = "application/json; charset=utf-8";

export function documentRoutes(app: RestApp): void {
  // Made when somebody asks for the first time: few do.
  const document = madeOnce(() => jsonText(asyncApiDocument()));
  const page = madeOnce(() => asyncApiPage(asyncApiDocument()));
  const files = madeOnce(() => new Map([...schemaFiles()].map(([name, schema]) => [name, jsonText(schema)])));
  const schema = { hide: true };
  app.get("/asyncapi.json", { schema }, async (_request, reply) => reply.type(json).send(document()));
  app.get("/asyncapi", { schema }, async (_request, reply) => reply.redirect("/asyncapi/"));
  app.get("/asyncapi/", { schema }, async (_request, reply) => reply.type("text/html; charset=utf-8").send(page()));
  app.get("/asyncapi/style.css", { schema }, async (_request, reply) =>
    reply.type("text/css; charset=utf-8").send(asyncApiStyle),
  );
  app.get("/schemas/", { schema }, async (_request, reply) => reply.redirect("/schemas/index.json"));
  app.get("/schemas/:file", { schema: { ...schema, params: path } }, async (request, reply) => {
    const text = files().get(request.params.file);
    if (text === undefined) throw new ProblemError("not-found", "there is no such schema: see /schemas/index.json");
    return reply.type(json).send(text);
  });
}

function madeOnce<Made>(make: () => Made): () => Made {
  let made: Made | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
