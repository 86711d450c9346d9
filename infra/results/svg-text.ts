/** Coordinates and texts of a picture. */

/** A coordinate, to a tenth of a pixel. */
export const at = (value: number): string => (value + 0).toFixed(1);

/** @param attributes further ones, as they stand in the tag */
export function text(x: number, y: number, content: string, attributes = ""): string {
  return `<text x="${at(x)}" y="${at(y)}"${attributes === "" ? "" : ` ${attributes}`}>${escaped(content)}</text>`;
}

export function escaped(content: string): string {
  return content.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
