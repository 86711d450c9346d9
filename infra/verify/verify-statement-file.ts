/**
 * One participant's statement file against a day's head, with nobody else's data: the bills' hashes and their chain, the months' sums,
 * the proof from the last bill to the head, and the market's signature under it. Its `steps` are for reading: no head states them.
 */
import { createPublicKey, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import { z } from "zod";
import { billHash } from "../../market/rules/bill.js";
import { headFromProof, signedText } from "../../market/rules/statement-tree.js";
import { bill } from "../../shared/messages/private.js";
import { sha256 } from "../main/secrets.js";
import { Difference } from "../results/difference.js";
import { InputError } from "../series/input-error.js";
import { checkMonths, statementMonths } from "./statement-months.js";
import type { Finding } from "./verify-results.js";

const proof = z.object({
  ...{ day: z.string(), hash: z.string(), salt: z.string(), head: z.string(), signature: z.string() },
  proof: z.array(z.object({ side: z.enum(["left", "right"]), hash: z.string() })),
});

/** The bills of a statement file, as they were sent but for the time of sending, and the proofs of the days' heads. */
export const statementFile = z.looseObject({
  ...statementMonths.shape,
  format: z.literal("open-elecbay statement 1"),
  market: z.string(),
  participant: z.string(),
  statementKey: z.string(),
  bills: z.array(bill.omit({ ts: true })),
  proofs: z.array(proof),
});
export type StatementFile = z.infer<typeof statementFile>;

export interface KeptByNeighbour {
  /** The head that was kept; undefined: the heads that the file itself names. */
  readonly head: string | undefined;
  /** A file with the market's public key, PEM; undefined: the key that the file itself names. */
  readonly keyFile: string | undefined;
}

/** @throws InputError where it is no statement file; Difference at the first thing that does not fit. */
export function verifyStatementFile(file: string, { head, keyFile }: KeptByNeighbour): readonly Finding[] {
  const statement = readStatement(file);
  const { bills, proofs } = statement;
  checkChain(file, statement);
  checkMonths(file, statement);
  const wanted = head === undefined ? proofs : proofs.filter((one) => one.head === head);
  if (wanted.length === 0) {
    const found = proofs.length === 0 ? "no head" : proofs.map((one) => `${one.head} (${one.day})`).join(", ");
    const meaning = "the market states other bills in this file than under the head that you kept";
    throw new Difference({ file, column: "proofs" }, { expected: head ?? "a head", found, meaning });
  }
  const key = keyFile === undefined ? statement.statementKey : readKey(keyFile);
  for (const one of wanted) checkProof(file, statement, one, key);
  return [
    { what: "bills with their chain of hashes", count: bills.length },
    { what: "months that sum to them, rounded", count: statement.months.length },
    { what: "heads reached from this file, with their signature", count: wanted.length },
  ];
}

function readStatement(file: string): StatementFile {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new InputError({ file }, `is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const found = statementFile.safeParse(json);
  if (found.success) return found.data;
  const [issue] = found.error.issues;
  const problem = `${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`;
  throw new InputError({ file }, `is no statement file of elecbay bill --format json (${problem})`);
}

function readKey(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    throw new InputError({ file }, "the key cannot be read");
  }
}

function checkChain(file: string, { bills }: StatementFile): void {
  // A file of later months begins in the middle of the chain: its first bill states all before it.
  let previous = bills[0]?.previous ?? "";
  for (const [index, one] of bills.entries()) {
    const place = (field: string) => ({ file, column: `bills[${index}].${field}` });
    if (one.previous !== previous) {
      const meaning = `bill ${one.billId} does not follow the one before it: one was left out or changed`;
      throw new Difference(place("previous"), { expected: previous, found: one.previous, meaning });
    }
    const total = one.lines.reduce((sum, line) => sum + Math.round(line.amount * 1e6), 0);
    if (total !== Math.round(one.total * 1e6)) {
      const told = {
        expected: String(total / 1e6),
        found: String(one.total),
        meaning: "a total is the sum of its lines",
      };
      throw new Difference(place("total"), told);
    }
    const hash = billHash(one, sha256);
    if (hash !== one.hash) {
      throw new Difference(place("hash"), {
        expected: hash,
        found: one.hash,
        meaning: `bill ${one.billId} was changed`,
      });
    }
    previous = hash;
  }
}

function checkProof(file: string, statement: StatementFile, one: StatementFile["proofs"][number], key: string): void {
  const { participant, bills, market } = statement;
  const column = `proofs, ${one.day}`;
  if (!bills.some(({ hash }) => hash === one.hash)) {
    const meaning = "the head states a bill that is not in this file";
    throw new Difference({ file, column }, { expected: "the hash of one of the bills", found: one.hash, meaning });
  }
  const reached = headFromProof({ participant, hash: one.hash, salt: one.salt }, one.proof, sha256);
  if (reached !== one.head) {
    const told = { expected: one.head, found: reached, meaning: "the head does not state these bills" };
    throw new Difference({ file, column }, told);
  }
  const text = Buffer.from(signedText(market, one.day, one.head));
  if (!verify(null, text, publicKey(file, key), Buffer.from(one.signature, "base64"))) {
    const told = {
      expected: "a signature by this key",
      found: one.signature,
      meaning: "the market did not sign this head",
    };
    throw new Difference({ file, column }, told);
  }
}

function publicKey(file: string, pem: string) {
  try {
    return createPublicKey(pem);
  } catch {
    throw new InputError({ file }, "the market's key is no public key in PEM");
  }
}
