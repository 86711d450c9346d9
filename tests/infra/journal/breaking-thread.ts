/** The built thread that writes journals, in a file that makes it break off where a test wants it to. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const built = pathToFileURL(resolve("dist/journal-writer.js")).href;
const libsql = createRequire(import.meta.url).resolve("libsql");

/**
 * The thread ends when it comes to a retained message with one of these texts: before it writes (with an error or without), within a transaction, or when all is
 * written and not answered yet. With `answers wrongly` it gives that answer another number.
 */
export type Breaking = "throws" | "breaks before" | "breaks within" | "breaks after" | "answers wrongly";

/** @returns the file of the thread, and how often it was started */
export function breakingThread(folder: string, first = "") {
  const file = join(folder, "breaking-thread.mjs");
  const starts = join(folder, "starts");
  writeFileSync(
    file,
    `import { appendFileSync } from "node:fs";
     import { createRequire } from "node:module";
     import { workerData } from "node:worker_threads";
     appendFileSync(${JSON.stringify(starts)}, "x");
     ${first}
     const Database = createRequire(import.meta.url)(${JSON.stringify(libsql)});
     const { port } = workerData;
     let how = "";
     const on = port.on.bind(port);
     port.on = (name, hear) => on(name, (message) => {
       how = (message?.order?.rows?.retained ?? []).map(([, text]) => text).join();
       if (how.includes("throws")) throw new Error("no more of this");
       if (how.includes("breaks before")) process.exit(1);
       if (how.includes("breaks within")) {
         globalThis.open = new Database(message.order.file);
         globalThis.open.exec("BEGIN IMMEDIATE; INSERT INTO retained VALUES (99, 'never', 'written')");
         process.exit(1);
       }
       hear(message);
     });
     const post = port.postMessage.bind(port);
     port.postMessage = (answer) => {
       if (how.includes("breaks after")) process.exit(1);
       post(how.includes("answers wrongly") ? { ...answer, n: answer.n + 1 } : answer);
     };
     await import(${JSON.stringify(built)});`,
  );
  return { file, starts: () => (existsSync(starts) ? readFileSync(starts, "utf8").length : 0) };
}
