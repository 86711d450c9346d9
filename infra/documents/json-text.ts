/** A document as it is committed and served: indented, and ending with a newline. */
export function jsonText(document: object): string {
  return `${JSON.stringify(document, undefined, 2)}\n`;
}
