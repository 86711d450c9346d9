/**
 * What must hold at all times, asserted also in production: a broken invariant stops the one who broke it, with its name.
 *
 * Bad input is refused at the border with a code and is no business of this file.
 */

/** @throws Error `invariant broken: <message>` unless `condition` holds; `message` names the invariant and its numbers. */
export function assertInvariant(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(`invariant broken: ${message}`);
}
