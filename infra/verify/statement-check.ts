/** The chain of each participant's bills, and each day's head over all of them: its tree and its signature. */
import { createPublicKey, type KeyObject, verify } from "node:crypto";
import type { Bill } from "../../market/facts.js";
import { makeBill } from "../../market/rules/bill.js";
import { signedText, statementSalt, statementTree } from "../../market/rules/statement-tree.js";
import { sha256 } from "../main/secrets.js";
import { csvReader } from "../results/csv-reader.js";
import { Difference } from "../results/difference.js";
import { Cells } from "../results/row-facts.js";
import { headers } from "../results/rows.js";
import type { ResultTerms } from "../results/terms-file.js";

/** A bill before it has its number and its place in the chain. */
export type BillContent = Pick<Bill, "periodMs" | "participant" | "contractedWh" | "meteredWh" | "lines">;

export interface StatementCheck {
  /** The next bill as it should stand in the file: numbered, chained, hashed. */
  next(content: BillContent): Bill;
  /** After each row of statements.csv. @throws Difference where a head that covers the rows up to it is not theirs. */
  checkHeads(): void;
  /** @throws Difference where heads are left. */
  end(): { readonly heads: number; readonly digest: string; readonly chains: number };
}

/**
 * @param statementSecret what the salts of statements are made from; undefined: it is not known, and heads are checked by their signature
 * @throws Difference where the file of heads is missing, or the key is none
 */
export function createStatementCheck(
  folder: string,
  terms: ResultTerms,
  statementSecret: string | undefined,
): StatementCheck {
  const file = `${folder}/heads.csv`;
  const reader = csvReader(file, headers.heads);
  const rows = reader.rows();
  const lastHash = new Map<string, string>();
  let [bills, heads, lastDay] = [0, 0, ""];
  let row = rows.next().value;
  let key: KeyObject | undefined;

  const checkHead = (cells: Cells, line: number): void => {
    const day = cells.text("day");
    const { market } = terms;
    const differs = (column: string, expected: string, found: string, meaning: string) =>
      new Difference({ file, line, column }, { expected, found, meaning });
    if (!/^\d{4}-\d\d-\d\d$/.test(day) || day <= lastDay) {
      throw differs("day", lastDay === "" ? "a day" : `a day after ${lastDay}`, day, "there is one head a day");
    }
    const found = cells.text("head");
    const root = statementSecret === undefined ? found : rootOf(lastHash, statementSecret, day);
    if (root !== found)
      throw differs("head", root, found, `the head of ${day} is not that of the bills sent until then`);
    key ??= keyFrom(folder, terms.statementKey);
    const signed = Buffer.from(signedText(market.market, day, found));
    const signature = cells.text("signature");
    // Base64 has a few bits to spare at its end: only the text that it is written as counts.
    const bytes = Buffer.from(signature, "base64");
    if (bytes.toString("base64") === signature && verify(null, signed, key, bytes)) {
      lastDay = day;
      heads += 1;
      return;
    }
    throw differs(
      "signature",
      "a signature by the key in terms.json",
      signature,
      `nobody vouches for the head of ${day}`,
    );
  };

  return {
    next(content) {
      bills += 1;
      const { participant } = content;
      const parts = { billId: `b${bills}`, previous: lastHash.get(participant) ?? "", digest: sha256 };
      const bill = makeBill({ ...content, ...parts });
      lastHash.set(participant, bill.hash);
      return bill;
    },
    checkHeads() {
      for (; row; row = rows.next().value) {
        const cells = new Cells(file, row);
        const covered = cells.count("statements");
        if (covered > bills) return;
        if (covered < bills) {
          const told = { expected: `${bills} or more`, found: String(covered), meaning: "heads cover ever more bills" };
          throw new Difference({ file, line: row.line, column: "statements" }, told);
        }
        checkHead(cells, row.line);
      }
    },
    end() {
      if (row) {
        const found = new Cells(file, row).text("statements");
        const told = { expected: `at most ${bills}`, found, meaning: "statements.csv has fewer bills" };
        throw new Difference({ file, line: row.line, column: "statements" }, told);
      }
      return { heads, digest: reader.digest(), chains: lastHash.size };
    },
  };
}

function rootOf(lastHash: ReadonlyMap<string, string>, statementSecret: string, day: string): string {
  const leaves = [...lastHash].map(([participant, hash]) => {
    return { participant, hash, salt: statementSalt(statementSecret, day, participant, sha256) };
  });
  return statementTree(leaves, sha256).root;
}

function keyFrom(folder: string, pem: string): KeyObject {
  try {
    return createPublicKey(pem);
  } catch {
    const told = { expected: "a public key (PEM)", found: pem, meaning: "without it no head can be checked" };
    throw new Difference({ file: `${folder}/terms.json`, column: "statementKey" }, told);
  }
}
