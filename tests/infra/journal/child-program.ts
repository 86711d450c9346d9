/** Builds journal-child.ts into a folder, to be started as a process of its own. */
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** @returns path of the program. Packages are taken from this project, wherever the folder is. */
export async function childProgram(folder: string): Promise<string> {
  const { resolve } = createRequire(import.meta.url);
  const outfile = join(folder, "journal-child.mjs");
  await build({
    ...{ bundle: true, platform: "node", target: "node20", format: "esm", outfile, logLevel: "warning" },
    entryPoints: [fileURLToPath(new URL("./journal-child.ts", import.meta.url))],
    plugins: [
      {
        name: "packages of this project",
        setup: (builder) =>
          builder.onResolve({ filter: /^[a-z@]/ }, ({ path, kind }) =>
            kind === "entry-point" || path.startsWith("node:") ? undefined : { path: resolve(path), external: true },
          ),
      },
    ],
  });
  return outfile;
}
