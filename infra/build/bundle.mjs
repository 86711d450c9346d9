/**
 * Builds dist/: the command line, the threads it starts, and the small programs behind `npm run bench` and `npm run docs`.
 *
 * A bot's thread is one bundled file with V8's code cache beside it, since a hundred of them start at once; everything else
 * leaves its packages in node_modules.
 */
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Script } from "node:vm";
import { build } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
rmSync(join(root, "dist"), { recursive: true, force: true });
mkdirSync(join(root, "dist"));

const shared = {
  absWorkingDir: root,
  bundle: true,
  platform: "node",
  target: "node20",
  sourcemap: true,
  logLevel: "warning",
  define: { ELECBAY_VERSION: JSON.stringify(version) },
};

const programs = {
  elecbay: "infra/cli/elecbay.ts",
  "broker-thread": "infra/mqtt/broker-thread.ts",
  bench: "tests/bench/bench.ts",
  "bare-bot": "tests/bench/bare/bare-bot.ts",
  "contract-docs": "infra/documents/write-contract.ts",
};
const entryPoints = Object.entries(programs)
  .filter(([, path]) => existsSync(join(root, path)))
  .map(([out, path]) => ({ in: path, out }));

await build({ ...shared, entryPoints, outdir: "dist", format: "esm", packages: "external" });
await bundleThread("infra/threads/bot-thread.ts", "bot-thread.cjs");

chmodSync(join(root, "dist", "elecbay.js"), 0o755);

/** One CommonJS file without dependencies, and its code cache. */
async function bundleThread(path, name) {
  if (!existsSync(join(root, path))) return;
  await build({
    ...shared,
    entryPoints: [path],
    outfile: `dist/${name}`,
    format: "cjs",
    minify: true,
    sourcemap: false,
    define: { ...shared.define, "process.env.NODE_DEBUG": '""' },
    plugins: [slimClient],
  });
  const file = join(root, "dist", name);
  const script = new Script(readFileSync(file, "utf8"), { filename: file });
  writeFileSync(`${file}.cache`, script.createCachedData());
}

/** In threads the package `mqtt` is only its client class. */
const slimClient = {
  name: "slim-client",
  setup(builder) {
    builder.onResolve({ filter: /^mqtt$/ }, () => ({ path: join(root, "infra/mqtt/slim-client.cjs") }));
  },
};
