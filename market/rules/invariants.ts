/**
 * What must hold at all times, asserted also in production: a broken invariant stops the one who broke it, with its name.
 *
 * Bad input is refused at the border with a code and is no business of this file.
 */

/** @throws Error `invariant broken: <message>` unless `condition` holds; `message` names the invariant and its numbers. */
export function assertInvariant(condition: boolean, message: string): asserts condition {
  if (!condition) brokenInvariant(message);
}

/** For loops over thousands, where the message of what holds would be made in vain. @throws Error as `assertInvariant` does. */
export function brokenInvariant(message: string): never {
  throw new Error(`invariant broken: ${message}`);
}
