/** Which sections stand where on a terminal of this size: two columns where there is room, and no more lines than there are. */
import type { MarketWatch } from "./market-watch.js";
import {
  cut,
  figureSection,
  headerLine,
  type Line,
  listSection,
  onlineSection,
  ownSection,
  periodSection,
  type Section,
  seriesSection,
} from "./sections.js";

export interface Screen {
  readonly header: Line;
  /** Side by side. */
  readonly columns: readonly (readonly Section[])[];
  readonly columnWidth: number;
}

const twoColumnsFrom = 116;
const widest = 180;

/** @param columns, @param rows of the terminal */
export function screenOf(watch: MarketWatch, wallMs: number, columns: number, rows: number): Screen {
  const isWide = columns >= twoColumnsFrom;
  const columnWidth = Math.floor(Math.min(columns, widest) / (isWide ? 2 : 1)) - 2;
  const main = [periodSection(watch, wallMs), seriesSection(watch, columnWidth), figureSection(watch)];
  const own = ownSection(watch);
  const online = onlineSection(watch);
  const side = [listSection(watch), ...(own === undefined ? [] : [own]), ...(online === undefined ? [] : [online])];
  const room = rows - 3; // header, footer, and the line that the terminal scrolls by
  const placed = isWide ? [fitted(main, room), fitted(side, room)] : [fitted([...main, ...side], room)];
  return { header: headerLine(watch, wallMs), columns: placed, columnWidth };
}

/** A section is its title, its lines and an empty one; the longest gives way first, the last ones go where it is not enough. */
function fitted(sections: readonly Section[], room: number): Section[] {
  let shown = [...sections];
  while (shown.length > 1 && shown.length * 3 > room) shown.pop();
  const most = shown.map(({ lines }) => lines.length);
  const height = (): number => most.reduce((sum, lines) => sum + lines + 2, 0);
  while (height() > room && Math.max(...most) > 1) {
    const longest = most.indexOf(Math.max(...most));
    most[longest] = (most[longest] ?? 1) - 1;
  }
  shown = shown.map((section, place) => cut(section, most[place] ?? 1));
  return shown;
}
