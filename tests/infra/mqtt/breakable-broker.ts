/** The built broker's thread, made to fail when a test says so. */
import { mkdtempSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

export interface BreakableBroker {
  /** A folder in the place of dist/: the thread's file is another, all else is there. */
  readonly distFolder: string;
  readonly threadFile: string;
  /** Its thread throws. */
  break(): void;
  /** From now on it fails as soon as it starts. */
  spoil(): void;
}

export function breakableBroker(): BreakableBroker {
  const distFolder = mkdtempSync(join(tmpdir(), "elecbay-breakable-"));
  const [broken, spoilt] = [join(distFolder, "broken"), join(distFolder, "spoilt")];
  const threadFile = join(distFolder, "broker-thread.js");
  for (const name of readdirSync("dist"))
    if (name !== "broker-thread.js") symlinkSync(resolve("dist", name), join(distFolder, name));
  writeFileSync(join(distFolder, "package.json"), '{"type":"module"}');
  writeFileSync(
    threadFile,
    `import { existsSync, rmSync } from "node:fs";
if (existsSync(${JSON.stringify(spoilt)})) throw new Error("spoilt");
await import(${JSON.stringify(pathToFileURL(resolve("dist/broker-thread.js")).href)});
setInterval(() => {
  if (!existsSync(${JSON.stringify(broken)})) return;
  rmSync(${JSON.stringify(broken)});
  throw new Error("broken on purpose");
}, 10).unref();
`,
  );
  return {
    ...{ distFolder, threadFile },
    break: () => writeFileSync(broken, ""),
    spoil: () => writeFileSync(spoilt, ""),
  };
}
