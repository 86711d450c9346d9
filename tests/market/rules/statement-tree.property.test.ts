import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  headFromProof,
  type StatementLeaf,
  statementSalt,
  statementTree,
} from "../../../market/rules/statement-tree.js";

const digest = (text: string): string => createHash("sha256").update(text).digest("hex");

const anyLeaves = fc
  .uniqueArray(fc.stringMatching(/^[a-z][a-z0-9_-]{1,6}$/), { minLength: 1, maxLength: 40 })
  .map((ids) => ids.map((participant) => leafOf(participant)));

function leafOf(participant: string): StatementLeaf {
  const hash = digest(`last bill of ${participant}`);
  return { participant, hash, salt: statementSalt("secret", "2016-08-01", participant, digest) };
}

/** RFC 6962, 2.1, as it is written: split at the largest power of two below the number of leaves. */
function rootByDefinition(sorted: readonly StatementLeaf[]): string {
  const [only] = sorted;
  if (only !== undefined && sorted.length === 1) return digest(`leaf\n${only.participant}\n${only.hash}\n${only.salt}`);
  let split = 1;
  while (split * 2 < sorted.length) split *= 2;
  return digest(`node\n${rootByDefinition(sorted.slice(0, split))}\n${rootByDefinition(sorted.slice(split))}`);
}

describe("the statement tree", () => {
  it("has the root of RFC 6962's definition, whatever order the leaves come in", () => {
    fc.assert(
      fc.property(anyLeaves, fc.func(fc.integer()), (leaves, lot) => {
        const sorted = [...leaves].sort((one, other) => (one.participant < other.participant ? -1 : 1));
        const shuffled = [...leaves].sort((one, other) => lot(one) - lot(other));
        expect(statementTree(shuffled, digest).root).toBe(rootByDefinition(sorted));
      }),
    );
  });

  it("proves everyone's leaf in as many steps as the tree is high at most", () => {
    fc.assert(
      fc.property(anyLeaves, (leaves) => {
        const tree = statementTree(leaves, digest);
        for (const leaf of leaves) {
          const proof = tree.proofOf(leaf.participant);
          expect(headFromProof(leaf, proof, digest)).toBe(tree.root);
          expect(proof.length).toBeLessThanOrEqual(Math.ceil(Math.log2(leaves.length)));
        }
      }),
    );
  });

  it("has another root once anything of any leaf is changed, and no proof that fits what was changed", () => {
    const change = fc.constantFrom("participant" as const, "hash" as const, "salt" as const);
    fc.assert(
      fc.property(anyLeaves, fc.nat(), change, (leaves, which, field) => {
        const place = which % leaves.length;
        const leaf = leaves[place] ?? leafOf("nobody");
        const changed = { ...leaf, [field]: `${leaf[field]}x` };
        const tree = statementTree(leaves, digest);
        expect(statementTree(leaves.with(place, changed), digest).root).not.toBe(tree.root);
        expect(headFromProof(changed, tree.proofOf(leaf.participant), digest)).not.toBe(tree.root);
      }),
    );
  });

  it("refuses to state nothing, or one participant twice, and to prove a stranger", () => {
    expect(() => statementTree([], digest)).toThrow(/at least one/);
    expect(() => statementTree([leafOf("ann"), leafOf("ann")], digest)).toThrow(/one leaf/);
    expect(() => statementTree([leafOf("ann")], digest).proofOf("bob")).toThrow(/bob has no leaf/);
  });
});

describe("the salt of a statement", () => {
  it("is another for each secret, day and participant", () => {
    const salts = ["s", "t"].flatMap((secret) =>
      ["2016-08-01", "2016-08-02"].flatMap((day) => ["ann", "bob"].map((id) => statementSalt(secret, day, id, digest))),
    );
    expect(new Set(salts).size).toBe(8);
  });
});
