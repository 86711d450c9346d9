/**
 * Builds dist/: the command line, the threads it starts, the pages, and the small programs behind `npm run bench` and `npm run docs`.
 *
 * A bot's thread is one bundled file with V8's code cache beside it, since a hundred of them start at once; everything else
 * leaves its packages in node_modules.
 */

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Script } from "node:vm";
import { build } from "esbuild";
import { buildWeb } from "./build-web.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
/** `node infra/build/bundle.mjs [FOLDER]`: dist, unless another folder is named. */
const dist = join(root, process.argv[2] ?? "dist");
mkdirSync(dist, { recursive: true });

const shared = {
  absWorkingDir: root,
  bundle: true,
  platform: "node",
  target: "node20",
  logLevel: "warning",
  define: { ELECBAY_VERSION: JSON.stringify(version), ELECBAY_BUILD: JSON.stringify(hashOfSources()) },
};

/** In threads the package `mqtt` is only its client class. */
const slimClient = {
  name: "slim-client",
  setup(builder) {
    builder.onResolve({ filter: /^mqtt$/ }, () => ({ path: join(root, "infra/mqtt/slim-client.cjs") }));
  },
};

/** The terminal's screen brings packages that take half a second to load: only who looks at it waits for them. */
const ownFileForScreen = {
  name: "own-file-for-screen",
  setup(builder) {
    builder.onResolve({ filter: /\/watch\/screen\.js$/ }, ({ kind }) =>
      kind === "dynamic-import" ? { path: "./watch-screen.js", external: true } : undefined,
    );
  },
};

const programs = {
  elecbay: "infra/cli/elecbay.ts",
  client: "infra/client/client.ts",
  "watch-screen": "infra/watch/screen.ts",
  "broker-thread": "infra/mqtt/broker-thread.ts",
  "layout-thread": "infra/inspect/layout-thread.ts",
  "journal-writer": "infra/journal/writer-thread.ts",
  bench: "tests/bench/bench.ts",
  "door-server": "tests/bench/door-server.ts",
  kill: "tests/kill/kill.ts",
  "simulate-faults": "tests/simulation/simulate-faults.ts",
  soak: "tests/soak/soak.ts",
  fuzz: "tests/fuzz/fuzz.ts",
  "record-replay": "tests/replay/record.ts",
  "contract-docs": "infra/documents/write-contract.ts",
  "mechanism-docs": "infra/documents/write-mechanisms.ts",
  "machine-docs": "infra/documents/write-machines.ts",
};
const entryPoints = Object.entries(programs)
  .filter(([, path]) => existsSync(join(root, path)))
  .map(([out, path]) => ({ in: path, out }));

// The pages stay where they cannot be built anew.
for (const entry of readdirSync(dist)) if (entry !== "web") rmSync(join(dist, entry), { recursive: true, force: true });
await build({
  ...shared,
  entryPoints,
  outdir: dist,
  format: "esm",
  packages: "external",
  sourcemap: true,
  plugins: [ownFileForScreen],
});
declareTypes("infra/client/client.ts");
await bundleThread("infra/threads/bot-thread.ts", "bot-thread.cjs");
await bundlePart("infra/inspect/bot-inspection.ts", "bot-tap.cjs");
await bundleThread("tests/bench/bare/bare-bot-thread.ts", "bare-bot-thread.cjs");
copyFileSync(join(root, "infra/threads/thread-loader.cjs"), join(dist, "thread-loader.cjs"));
if (existsSync(join(dist, "elecbay.js"))) chmodSync(join(dist, "elecbay.js"), 0o755);
// Another folder is for a test of the program, which needs no pages.
if (process.argv[2] === undefined && !(await buildWeb(root, join(dist, "web")))) {
  process.stdout.write("dashboard and inspector are not built: Vite is not installed\n");
}

/** Types of what other programs import, below dist/types; left out where there is no compiler, as where packages for development are. */
function declareTypes(path) {
  const compiler = join(root, "node_modules/.bin/tsc");
  if (!existsSync(compiler)) return;
  const options = ["--noEmit", "false", "--declaration", "--emitDeclarationOnly", "--rootDir", ".", "--outDir"];
  const settings = ["--ignoreConfig", "--target", "ES2023", "--module", "NodeNext", "--strict", "--skipLibCheck"];
  const lint = ["--exactOptionalPropertyTypes", "--types", "node"];
  execFileSync(compiler, [path, ...options, join(dist, "types"), ...settings, ...lint], {
    cwd: root,
    stdio: "inherit",
  });
}

/** One CommonJS file without dependencies. */
async function bundlePart(path, name) {
  if (!existsSync(join(root, path))) return undefined;
  const file = join(dist, name);
  await build({ ...shared, entryPoints: [path], outfile: file, format: "cjs", minify: true, plugins: [slimClient] });
  return file;
}

/** And its code cache. */
async function bundleThread(path, name) {
  const file = await bundlePart(path, name);
  if (file === undefined) return;
  const source = readFileSync(file, "utf8");
  // Wrapped as the loader wraps it: a cache holds for the very same text.
  const script = new Script(`(function (require, module, exports) {${source}\n})`, { filename: file });
  writeFileSync(`${file}.cache`, script.createCachedData());
}

/** The same for the same sources, wherever and whenever they are built. */
function hashOfSources() {
  const hash = createHash("sha256");
  for (const room of ["shared", "market", "agents", "infra"]) {
    const names = readdirSync(join(root, room), { recursive: true }).map((name) => name.replaceAll("\\", "/"));
    // What a browser shows decides nothing.
    for (const file of names.filter((name) => name.endsWith(".ts") && !name.startsWith("web/")).sort()) {
      hash.update(`${room}/${file}\n`).update(readFileSync(join(root, room, file)));
    }
  }
  return hash.digest("hex").slice(0, 12);
}
