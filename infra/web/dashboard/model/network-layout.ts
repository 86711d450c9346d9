/** Where connection points and homes stand on the map: boxes along feeders, row by row, as wide as there is room. Pure. */

export interface PlacedPoint {
  /** Of the points given. */
  readonly index: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly homesPerRow: number;
}

export interface NetworkLayout {
  readonly points: readonly PlacedPoint[];
  /** One line for each row of points, from the substation on. */
  readonly feeders: readonly { readonly y: number; readonly toX: number }[];
  readonly height: number;
}

export const home = { width: 86, height: 58 };
const gap = 14;
const head = 26;
/** From a feeder down to its boxes. */
const drop = 22;
/** The substation stands here. */
export const left = 54;

/** @param homes of each point @param width of the drawing, px */
export function networkLayout(homes: readonly number[], width: number): NetworkLayout {
  const room = Math.max(home.width + 2 * gap, width - left - gap);
  const points: PlacedPoint[] = [];
  const feeders: { y: number; toX: number }[] = [];
  let feederY = 18;
  let x = left;
  let tallest = 0;
  for (const [index, count] of homes.entries()) {
    const homesPerRow = Math.max(1, Math.min(count, Math.floor((room - gap) / home.width)));
    const boxWidth = homesPerRow * home.width + gap;
    if (x > left && x + boxWidth > left + room) {
      feederY += drop + tallest + gap + 10;
      [x, tallest] = [left, 0];
    }
    const height = head + Math.ceil(count / homesPerRow) * home.height + 6;
    points.push({ index, x, y: feederY + drop, width: boxWidth, height, homesPerRow });
    const toX = x + boxWidth / 2;
    if (feeders.at(-1)?.y === feederY) feeders[feeders.length - 1] = { y: feederY, toX };
    else feeders.push({ y: feederY, toX });
    tallest = Math.max(tallest, height);
    x += boxWidth + gap;
  }
  return { points, feeders, height: feederY + drop + tallest + gap };
}

/** Where the home at a place of a point stands. */
export function homeAt({ x, y, homesPerRow }: PlacedPoint, place: number): { readonly x: number; readonly y: number } {
  return {
    x: x + gap / 2 + (place % homesPerRow) * home.width,
    y: y + head + Math.floor(place / homesPerRow) * home.height,
  };
}
