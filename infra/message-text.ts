/** The JSON text of a message that is kept in a journal and sent to a broker: made once. */

const texts = new WeakMap<object, string>();

/** @param message not changed any more */
export function textOf(message: object): string {
  const known = texts.get(message);
  if (known !== undefined) return known;
  const text = JSON.stringify(message);
  texts.set(message, text);
  return text;
}
