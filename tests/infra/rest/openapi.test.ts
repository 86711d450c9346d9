/** The routes as they are served, against the contract's table and against their own document. */
import { validate } from "@readme/openapi-parser";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { restTable } from "../../../infra/documents/rest-table.js";
import { type Method, type RestStage, restStage } from "./rest-stage.js";

interface Operation {
  readonly summary?: string;
  readonly security?: readonly object[];
  readonly responses: Readonly<Record<string, { content?: Record<string, { examples?: object; schema?: object }> }>>;
  readonly requestBody?: { content: Record<string, { example?: object; examples?: object }> };
}
interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

let stage: RestStage;
let document: Document;
beforeAll(async () => {
  stage = await restStage();
  document = (await stage.ask("GET", "/swagger/json")).json as unknown as Document;
});
afterAll(() => stage.app.close());

const operations = (): [string, Operation][] =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, Operation] => [
      `${method.toUpperCase()} ${path}`,
      operation,
    ]),
  );

/** Rows of the contract that are no routes of this document: pages, documents, sockets. */
const notDocumented = ["/asyncapi.json", "/swagger/json", "/schemas/…", "/", "/operator/…", "/inspector", "/mqtt"];

describe("the served routes", () => {
  it("are those of the contract's table that are not marked as not there yet, and no others", () => {
    const promised = restTable
      .filter(({ notYet, path }) => notYet === undefined && !notDocumented.includes(path))
      .flatMap(({ methods, path }) => methods.split(", ").map((method) => `${method} ${path.split("?")[0]}`));
    const served = operations().map(([name]) => name);
    expect(served.sort()).toEqual([...new Set(promised)].sort());
  });

  it("each have a summary, an example of every good answer, and every error as a problem with an example", () => {
    const missing = operations().flatMap(([name, { summary, responses }]) => {
      const lacks: string[] = summary === undefined ? [`${name}: no summary`] : [];
      for (const [status, { content = {} }] of Object.entries(responses)) {
        const isProblem = Number(status) >= 400 && !(name === "GET /readyz" && status === "503");
        if (isProblem && content["application/problem+json"] === undefined) lacks.push(`${name} ${status}: no problem`);
        for (const [type, { examples, schema }] of Object.entries(content)) {
          if (Object.keys(examples ?? {}).length === 0) lacks.push(`${name} ${status} ${type}: no example`);
          if (schema === undefined) lacks.push(`${name} ${status} ${type}: no schema`);
        }
      }
      return lacks;
    });
    expect(missing).toEqual([]);
  });

  it("each show an example of their body", () => {
    const without = operations()
      .filter(([, { requestBody }]) => requestBody !== undefined)
      .filter(([, { requestBody }]) =>
        Object.values(requestBody?.content ?? {}).every(
          ({ example, examples = {} }) => example === undefined && Object.keys(examples).length === 0,
        ),
      );
    expect(without.map(([name]) => name)).toEqual([]);
  });

  it("tell what a wrong key, too many requests and an unexpected failure answer", () => {
    for (const [, { responses }] of operations()) {
      expect(Object.keys(responses)).toEqual(expect.arrayContaining(["401", "429", "500"]));
    }
  });

  it("ask for a key exactly where the document says so", async () => {
    for (const [name, { security = [] }] of operations()) {
      const [method = "", path = ""] = name.split(" ");
      const answer = await stage.ask(method as Method, path.replace("{id}", "x1"), { payload: {} });
      expect([name, answer.json.code === "not-registered"]).toEqual([name, security.length > 0]);
    }
  });

  it("are told in OpenAPI 3.1 whose references all lead somewhere", () => {
    expect(document.openapi).toBe("3.1.0");
    const references = JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g);
    const names = new Set([...references].map(([, name = ""]) => name));
    expect([...names].filter((name) => !(name in document.components.schemas))).toEqual([]);
    expect(names.size).toBeGreaterThan(0);
  });

  it("are valid to OpenAPI's own parser, which refuses a document with a fault", async () => {
    const asParsed = (): Parameters<typeof validate>[0] => structuredClone(document) as never;
    expect(await validate(asParsed())).toMatchObject({ valid: true, warnings: [] });
    const faulty = { ...structuredClone(document), paths: { "/items": { get: { responses: 5 } } } };
    expect(await validate(faulty as never)).toMatchObject({ valid: false });
  });
});

describe("Swagger UI", () => {
  it("is served at /swagger/ and loads nothing from elsewhere", async () => {
    const page = await stage.ask("GET", "/swagger/");
    expect(page.status).toBe(200);
    const files = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file = ""]) => file);
    expect(files.length).toBeGreaterThan(3);
    for (const file of files) {
      expect(file).not.toMatch(/^(https?:)?\/\//);
      const { status } = await stage.ask("GET", new URL(file, "http://here/swagger/").pathname);
      expect([file, status]).toEqual([file, 200]);
    }
    expect(page.headers["content-security-policy"]).not.toMatch(/https?:|upgrade-insecure-requests/);
  });
});
