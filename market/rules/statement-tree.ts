/**
 * The head of a day: one hash that states every participant's bills up to then, and proofs that one's own are among them.
 *
 * Each participant's bills are chained (bill.ts), so the hash of the last one states them all. The head is the root of a
 * Merkle tree over one leaf for each participant who has a bill, sorted by id (code units), shaped as in RFC 6962: neighbours
 * are paired level by level, a last one without a neighbour goes up unchanged. Everything hashed is UTF-8 text, everything
 * else a hash as lower-case hex: leaf = SHA-256("leaf\n" id "\n" hash "\n" salt), inner node = SHA-256("node\n" left "\n"
 * right). The first words keep a leaf from being taken for a node. The salt, another each day and known to the participant
 * alone, keeps neighbours from guessing a bill from its leaf, which stands in their proofs. Source: RFC 6962, 2.1.
 */
import type { Digest } from "../ports.js";
import { assertInvariant } from "./invariants.js";

/** What the day's head states of one participant. */
export interface StatementLeaf {
  readonly participant: string;
  /** Of its last bill. */
  readonly hash: string;
  readonly salt: string;
}

/** The hash beside the path from a leaf to the root, on one level. */
export interface ProofStep {
  readonly side: "left" | "right";
  readonly hash: string;
}

export interface StatementTree {
  readonly root: string;
  /** Lowest first; empty where there is only one leaf. @throws Error for whoever has no leaf. */
  proofOf(participant: string): ProofStep[];
}

/** @throws Error when there is no leaf, or two of one participant. */
export function statementTree(leaves: readonly StatementLeaf[], digest: Digest): StatementTree {
  assertInvariant(leaves.length > 0, "a head states the bills of at least one participant");
  const sorted = [...leaves].sort((one, other) => (one.participant < other.participant ? -1 : 1));
  const places = new Map(sorted.map(({ participant }, place) => [participant, place]));
  assertInvariant(places.size === sorted.length, "a participant has one leaf in the statement tree");
  const levels = [sorted.map((leaf) => leafHash(leaf, digest))];
  for (let level = levels[0] ?? []; level.length > 1; ) {
    level = levelAbove(level, digest);
    levels.push(level);
  }
  return {
    root: levels.at(-1)?.[0] ?? "",
    proofOf(participant) {
      const place = places.get(participant);
      assertInvariant(place !== undefined, `${participant} has no leaf in the statement tree`);
      return proofAt(place, levels);
    },
  };
}

/** The head that follows from one's own leaf and proof: equal to the day's head, or something was changed. */
export function headFromProof(leaf: StatementLeaf, proof: readonly ProofStep[], digest: Digest): string {
  let hash = leafHash(leaf, digest);
  for (const step of proof) {
    hash = step.side === "left" ? nodeHash(step.hash, hash, digest) : nodeHash(hash, step.hash, digest);
  }
  return hash;
}

/** The salt of one leaf on one day, from the market's secret: nobody who lacks that can tell it. */
export function statementSalt(secret: string, day: string, participant: string, digest: Digest): string {
  return digest(`salt\n${secret}\n${day}\n${participant}`);
}

/** The text that is signed for a day: the market's name, the day, the head, one line each. */
export function signedText(market: string, day: string, head: string): string {
  return `${market}\n${day}\n${head}`;
}

function levelAbove(level: readonly string[], digest: Digest): string[] {
  const above: string[] = [];
  for (let place = 0; place < level.length; place += 2) {
    const left = level[place] ?? "";
    const right = level[place + 1];
    above.push(right === undefined ? left : nodeHash(left, right, digest));
  }
  return above;
}

function proofAt(leafPlace: number, levels: readonly (readonly string[])[]): ProofStep[] {
  const proof: ProofStep[] = [];
  let place = leafPlace;
  for (const level of levels) {
    const isRight = place % 2 === 1;
    const hash = level[isRight ? place - 1 : place + 1];
    if (hash !== undefined) proof.push({ side: isRight ? "left" : "right", hash });
    place = Math.floor(place / 2);
  }
  return proof;
}

function leafHash({ participant, hash, salt }: StatementLeaf, digest: Digest): string {
  return digest(`leaf\n${participant}\n${hash}\n${salt}`);
}

function nodeHash(left: string, right: string, digest: Digest): string {
  return digest(`node\n${left}\n${right}`);
}
