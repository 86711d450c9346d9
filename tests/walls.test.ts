/** The walls of the house (house.md, section 2): the sources as they are, and proof that each check can fail. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { lengthViolations, nameViolations } from "./walls/files.js";
import { environmentViolations, topicViolations, worldViolations } from "./walls/purity.js";
import { doorViolations, managerViolations, roomViolations } from "./walls/rooms.js";
import { importsOf, type Source } from "./walls/source.js";
import { waitingViolations } from "./walls/waiting.js";

const root = new URL("../", import.meta.url);

function sourcesIn(folder: string): Source[] {
  const files = readdirSync(new URL(folder, root), { recursive: true, encoding: "utf8" });
  return files
    .map((file) => `${folder}/${file.replaceAll("\\", "/")}`)
    .filter((path) => /\.tsx?$/.test(path))
    .map((path) => ({ path, source: readFileSync(new URL(path, root), "utf8") }));
}

const program = ["shared", "market", "agents", "infra"].flatMap(sourcesIn);
const everything = [...program, ...sourcesIn("tests")];

describe("the walls of the house", () => {
  it("are looked for in all four rooms", () => {
    const rooms = new Set(program.map(({ path }) => path.split("/")[0]));
    expect([...rooms].sort()).toEqual(["agents", "infra", "market", "shared"]);
    expect(program.length).toBeGreaterThan(50);
  });

  it("keep every room to what it may know", () => {
    expect(roomViolations(program)).toEqual([]);
  });

  it("keep the packages of brokers and journals behind their doors", () => {
    expect(doorViolations(everything.filter(({ path }) => !path.startsWith("tests/")))).toEqual([]);
  });

  it("keep the period managers apart", () => {
    expect(managerViolations(program)).toEqual([]);
  });

  it("keep time, chance and the process in infra", () => {
    expect(worldViolations(program)).toEqual([]);
  });

  it("keep the environment's variables in infra/config.ts", () => {
    expect(environmentViolations(program)).toEqual([]);
  });

  it("keep topic strings in shared/topics.ts", () => {
    expect(topicViolations(program)).toEqual([]);
  });

  it("wait for no program without a limit", () => {
    expect(waitingViolations(everything.filter(({ path }) => !path.startsWith("tests/walls")))).toEqual([]);
  });

  it("keep names telling and files short", () => {
    expect(nameViolations(everything)).toEqual([]);
    expect(lengthViolations(everything)).toEqual([]);
  });
});

const at = (path: string, source: string): Source[] => [{ path, source }];

describe("the reader of imports", () => {
  it("finds every way to import, and tells types from code", () => {
    const source = `
      import { a } from "./a.js"; // indented: template text, no statement of ours
import { b, type C } from "../b.js";
import type { D } from "../../market/d.js";
import { type E, type F } from "zod";
import * as g from "node:fs";
import "./h.js";
export { i } from "./i.js";
export type { J } from "./j.js";
const k = await import("./k.js");
import {
  l,
} from "@nats-io/transport-node";`;
    expect(importsOf({ path: "agents/devices/x.ts", source })).toEqual([
      { target: "agents/b.ts", isOurs: true, typeOnly: false },
      { target: "market/d.ts", isOurs: true, typeOnly: true },
      { target: "zod", isOurs: false, typeOnly: true },
      { target: "node:fs", isOurs: false, typeOnly: false },
      { target: "agents/devices/i.ts", isOurs: true, typeOnly: false },
      { target: "agents/devices/j.ts", isOurs: true, typeOnly: true },
      { target: "@nats-io/transport-node", isOurs: false, typeOnly: false },
      { target: "agents/devices/h.ts", isOurs: true, typeOnly: false },
      { target: "agents/devices/k.ts", isOurs: true, typeOnly: false },
    ]);
  });
});

describe("the wall around waiting", () => {
  it("stops a program that is waited for without a limit, and no other", () => {
    const unbounded = at("tests/x.ts", 'const a = spawnSync("sh", [], { encoding: "utf8" });\nrun({ timeout: 5 });\n');
    expect(waitingViolations(unbounded)).toEqual(["tests/x.ts: spawnSync waits for a program without a timeout"]);
    expect(waitingViolations(at("tests/x.ts", 'execFileSync("sh", [], {\n  timeout: 5,\n});\n'))).toEqual([]);
  });
});

describe("the wall between rooms", () => {
  it.each([
    ["shared/x.ts", 'import { a } from "../market/facts.js";'],
    ["shared/x.ts", 'import { a } from "xstate";'],
    ["shared/x.ts", 'import { readFileSync } from "node:fs";'],
    ["market/rules/x.ts", 'import { a } from "../managers/alarm.js";'],
    ["market/rules/x.ts", 'import { a } from "../terms.js";'],
    ["market/rules/x.ts", 'import type { A } from "../managers/alarm.js";'],
    ["market/rules/x.ts", 'import type * as z from "zod";'],
    ["market/managers/x.ts", 'import type { A } from "../../agents/prosumer/specification.js";'],
    ["market/managers/x.ts", 'import { a } from "../../infra/config.js";'],
    ["market/managers/x.ts", 'import * as z from "zod";'],
    ["market/managers/x.ts", 'const a = await import("../../infra/config.js");'],
    ["agents/prosumer/x.ts", 'import type { Fact } from "../../market/facts.js";'],
    ["agents/prosumer/x.ts", 'export { a } from "../../infra/config.js";'],
    ["agents/devices/x.ts", 'import { a } from "../strategies/price-taker.js";'],
    ["agents/strategies/x.ts", 'import { a } from "../prosumer/specification.js";'],
    ["agents/strategies/x.ts", 'import type { View } from "../prosumer/view.js";'],
    ["agents/games/x.ts", 'import { createMachine } from "xstate";'],
    ["infra/x.ts", 'import { a } from "../tests/stepped-clock.js";'],
    ["infra/client/x.ts", 'import type { Fact } from "../../market/facts.js";'],
    ["infra/client/x.ts", 'import { a } from "../mqtt/access.js";'],
    ["infra/web/dashboard/x.tsx", 'import { a } from "../inspector/b.js";'],
    ["infra/web/page/x.tsx", 'import { a } from "../dashboard/b.js";'],
    ["infra/web/dashboard/model/x.ts", 'import type { Fact } from "../../../../market/facts.js";'],
    ["infra/web/inspector/x.ts", 'import { readFileSync } from "node:fs";'],
    ["elsewhere/x.ts", ""],
  ])("is seen broken by %s with %s", (path, source) => {
    expect(roomViolations(at(path, source))).toHaveLength(1);
  });

  it.each([
    ["shared/x.ts", 'import * as z from "zod";'],
    ["market/rules/x.ts", 'import type { Fact } from "../facts.js";\nimport { wh } from "../../shared/units.js";'],
    [
      "market/managers/x.ts",
      'import { setup } from "xstate";\nimport type * as z from "zod";\nimport { a } from "../rules/a.js";',
    ],
    [
      "agents/strategies/x.ts",
      'import type { Device } from "../prosumer/specification.js";\nimport { b } from "./b.js";',
    ],
    ["agents/prosumer/x.ts", 'import { a } from "../strategies/a.js";\nimport { Subject } from "rxjs";'],
    [
      "infra/x.ts",
      'import { a } from "../market/facts.js";\nimport { b } from "../agents/b.js";\nimport c from "node:fs";',
    ],
  ])("lets %s with %s pass", (path, source) => {
    expect(roomViolations(at(path, source))).toEqual([]);
  });
});

describe("the wall before what touches the world", () => {
  it.each([
    ["infra/cli/x.ts", 'import mqtt from "mqtt";'],
    ["infra/x.ts", 'import type { Aedes } from "aedes";'],
    ["infra/mqtt/x.ts", 'import { connect } from "@nats-io/transport-node";'],
    ["market/x.ts", 'import { parse } from "mqtt-packet";'],
    ["infra/main/x.ts", 'import Database from "libsql";'],
    ["infra/web/dashboard/x.ts", 'import mqtt from "mqtt";'],
  ])("is seen broken by %s with %s", (path, source) => {
    expect(doorViolations(at(path, source))).toHaveLength(1);
  });

  it("lets those behind the doors pass", () => {
    expect(doorViolations(at("infra/journal/x.ts", 'import Database from "libsql";'))).toEqual([]);
    expect(doorViolations(at("infra/mqtt/x.ts", 'import mqtt from "mqtt";\nimport { Aedes } from "aedes";'))).toEqual(
      [],
    );
  });
});

describe("the wall between the period managers", () => {
  it.each([
    ["market/managers/bidding/x.ts", 'import { a } from "../exchange/desk.js";'],
    ["market/managers/settlement/x.ts", 'import type { A } from "../bidding/desk.js";'],
    ["market/managers/exchange-manager.ts", 'import { a } from "./settlement.machine.js";'],
    ["market/managers/supervisor/x.ts", 'import { a } from "../bidding-manager.js";'],
  ])("is seen broken by %s with %s", (path, source) => {
    expect(managerViolations(at(path, source))).toHaveLength(1);
  });

  it("lets a manager use its own files and what all share", () => {
    const source =
      'import { a } from "./desk.js";\nimport { b } from "../alarm.js";\nimport { c } from "../../rules/c.js";';
    expect(managerViolations(at("market/managers/bidding/x.ts", source))).toEqual([]);
  });
});

describe("the wall around the world", () => {
  it.each([
    "export const a = Date.now();",
    "export const a = new Date();",
    "export const a = new Date;",
    "export const a = Date();",
    "const { now } = Date; export const a = now();",
    "export const a = Math.random();",
    'export const a = Math["random"]();',
    "setTimeout(() => {}, 5);",
    "export const a = { wait: setTimeout };",
    "setInterval(() => {}, 5);",
    "setImmediate(() => {});",
    "export const a = performance.now();",
    "export const a = crypto.randomUUID();",
    "globalThis.setTimeout(() => {}, 5);",
    "export const a = process.argv;",
    "export const a = process.env.HOME;",
    'import { randomUUID } from "node:crypto";',
    'import type { Socket } from "node:net";',
  ])("is seen broken by %s", (source) => {
    expect(worldViolations(at("agents/prosumer/x.ts", source)).length).toBeGreaterThan(0);
    expect(worldViolations(at("infra/x.ts", source))).toEqual([]);
  });

  it.each([
    "export const a = new Date(5).toISOString() + Date.UTC(2016, 7, 1) + Date.parse('x');",
    "export const a = (clock: { setTimeout(f: () => void, ms: number): void }) => clock.setTimeout(() => {}, 5);",
    "// Date.now() and Math.random() are told of here\nexport const a = 'process.env and setTimeout(';",
    "export interface Clock { now(): number; setTimeout(f: () => void): number; readonly process: string }",
    "export const a = (process: string) => process;",
    "export const a = { setTimeout: (ms: number) => ms };",
  ])("lets pass %s", (source) => {
    expect(worldViolations(at("market/managers/x.ts", source))).toEqual([]);
  });

  it.each([
    "export const a = process.env.HOME;",
    'export const a = process["env"].HOME;',
    "export const { env } = process;",
    'import process from "node:process";',
  ])("keeps the environment's variables from being read by %s", (source) => {
    expect(environmentViolations(at("infra/cli/x.ts", source)).length).toBeGreaterThan(0);
  });

  it("lets infra/config.ts read the environment, and infra use the process otherwise", () => {
    expect(environmentViolations(at("infra/config.ts", "export const a = process.env.HOME;"))).toEqual([]);
    expect(environmentViolations(at("infra/cli/x.ts", "process.exitCode = 1;"))).toEqual([]);
  });
});

describe("the home of topic strings", () => {
  it("is seen left by a literal or a template, in infra too", () => {
    expect(topicViolations(at("infra/x.ts", 'export const a = "elecbay/main/public/clock";'))).toHaveLength(1);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: source of a program under test
    expect(topicViolations(at("market/x.ts", "export const a = (m: string) => `elecbay/${m}/public`;"))).toHaveLength(
      1,
    );
  });

  it("is shared/topics.ts; comments may name topics anywhere", () => {
    expect(topicViolations(at("shared/topics.ts", 'export const a = "elecbay/main";'))).toEqual([]);
    expect(topicViolations(at("infra/x.ts", "/** elecbay/main */\nexport const a = 1; // elecbay/main"))).toEqual([]);
  });
});

describe("names and lengths of files", () => {
  it.each([
    "infra/utils.ts",
    "market/rules/csv-helpers.ts",
    "shared/common/x.ts",
    "shared/types.ts",
    "tests/misc.test.ts",
  ])("refuse %s as naming nothing", (path) => {
    expect(nameViolations(at(path, ""))).toHaveLength(1);
  });

  it.each(["infra/csvFile.ts", "infra/Csv.ts", "infra/csv_file.ts", "infra/someThing/x.ts", "infra/a.b.ts"])(
    "refuse %s as no kebab-case",
    (path) => {
      expect(nameViolations(at(path, ""))).toHaveLength(1);
    },
  );

  it("take machines, properties and tests by their endings", () => {
    for (const path of [
      "market/managers/gate.machine.ts",
      "tests/a/order-book.property.test.ts",
      "infra/csv-file.ts",
    ]) {
      expect(nameViolations(at(path, ""))).toEqual([]);
    }
  });

  it("allow 400 lines and not one more", () => {
    expect(lengthViolations(at("infra/x.ts", "x\n".repeat(400)))).toEqual([]);
    expect(lengthViolations(at("infra/x.ts", "x\n".repeat(401)))).toHaveLength(1);
  });
});
