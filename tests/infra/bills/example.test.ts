/** The statement shown in docs/bills.md is that of a run of the thesis microgrid. */
import { readFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { monthStatements } from "../../../infra/bills/month-statement.js";
import { readBills } from "../../../infra/bills/read-bills.js";
import { textPage } from "../../../infra/bills/text-page.js";
import { openResultFolder } from "../../../infra/verify/result-folder.js";
import { removeRunFolders, runThesis } from "../lockstep/thesis-run.js";

afterAll(removeRunFolders);

describe("docs/bills.md", () => {
  it("shows the statement of peer1 as two periods of the thesis microgrid give it", async () => {
    const { folder } = await runThesis({ periods: 2 });
    const results = openResultFolder(folder);
    const own = readBills(results, "peer1").get("peer1");
    const [statement] = own === undefined ? [] : monthStatements(own, results.terms);
    const page = readFileSync("docs/bills.md", "utf8");
    const [, shown] = /```text\n([\s\S]*?)```/.exec(page) ?? [];
    expect(statement === undefined ? "" : textPage(statement, true).trimEnd()).toBe(shown?.trimEnd());
  }, 60_000);
});
