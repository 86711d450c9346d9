/** The dashboard of a simulation: everybody sees everything, and the run comes to the same. */
import { connectAsync } from "mqtt";
import { afterAll, expect, it } from "vitest";
import { createOutcome } from "../../../infra/main/outcome.js";
import type { Summary } from "../../../infra/results/summary.js";
import { topic } from "../../end-to-end/plain-client.js";
import { removeRunFolders, runThesis } from "../lockstep/thesis-run.js";

afterAll(removeRunFolders);

it("a watched run comes to the same hash, and tells an observer all of it, also when it is over", async () => {
  const [url, finished, looked] = [createOutcome<string>(), createOutcome<Summary>(), createOutcome<void>()];
  const watched = runThesis({
    watch: { restPort: 0, onListening: url.resolve, onFinished: finished.resolve, until: looked.promise },
  });
  const at = await url.promise;
  const observer = await connectAsync(`${at.replace("http", "ws")}/mqtt`, { username: "observer", protocolVersion: 4 });
  const heard = new Map<string, string>();
  observer.on("message", (name, payload) => heard.set(name, payload.toString()));
  const granted = await observer.subscribeAsync([topic.in("+", "status"), "elecbay/main/private/#"], { qos: 1 });
  expect(granted.map(({ qos }) => qos)).toEqual([1, 1]);
  await expect.poll(() => heard.get(topic.in("peer1", "status")), { timeout: 20_000 }).toContain("strategy");
  const { hash } = await finished.promise;
  const history = (await (await fetch(`${at}/history?series=price`)).json()) as { items: unknown[] };
  expect(history.items).toHaveLength(6);
  expect((await fetch(`${at}/shadows`)).status).toBe(200);
  expect((await fetch(`${at}/operator/participants`)).status).toBe(404);
  await observer.endAsync();
  looked.resolve();
  await watched;
  expect(hash).toBe((await runThesis()).summary.hash);
}, 60_000);
