/** Files that a reader takes away: a table as CSV, a drawing as PNG, in the colours that are shown. */
import { csvText, type Sheet } from "./csv.js";
import { themeColour } from "./theme.js";

/** PNG files are that much finer than the screen's pixels, to be put into a report. */
const finer = 2;

export function saveCsv(sheet: Sheet): void {
  save(new Blob([csvText(sheet)], { type: "text/csv;charset=utf-8" }), `${sheet.name}.csv`);
}

/** What stands above a drawing in a file, where no page says what it is. */
export interface Caption {
  readonly title: string;
  /** Colours of the theme, such as `--price`. */
  readonly marks: readonly { readonly label: string; readonly colour: string }[];
}

/** @param drawing a canvas or an SVG element that is on the page. @throws Error where the browser cannot draw it */
export async function savePng(
  drawing: HTMLCanvasElement | SVGSVGElement,
  name: string,
  caption?: Caption,
): Promise<void> {
  const drawn = drawing instanceof SVGSVGElement ? await canvasOf(drawing) : onGround(drawing);
  const canvas = caption === undefined ? drawn : withCaption(drawn, caption, drawn.width / drawing.clientWidth);
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/png"));
  if (blob === null) throw new Error("this browser cannot make a PNG of the drawing");
  save(blob, `${name}.png`);
}

/** @param file with its ending */
export function saveText(text: string, file: string): void {
  save(new Blob([text], { type: "text/plain;charset=utf-8" }), file);
}

/** Lines of a text that may be too long for one string. @param file with its ending */
export function saveLines(lines: Iterable<string>, file: string): void {
  const parts: string[] = [];
  for (const line of lines) parts.push(line, "\n");
  save(new Blob(parts, { type: "application/x-ndjson;charset=utf-8" }), file);
}

/** A drawing on the page as the text of an SVG file that needs no style sheet. */
export function svgText(drawing: SVGSVGElement): string {
  const { width, height } = drawing.viewBox.baseVal;
  return new XMLSerializer().serializeToString(withOwnStyles(drawing, width, height));
}

function save(blob: Blob, file: string): void {
  const url = URL.createObjectURL(blob);
  const anchor = document.createElement("a");
  anchor.href = url;
  anchor.download = file;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** A canvas is clear where nothing is drawn. */
function onGround(drawing: HTMLCanvasElement): HTMLCanvasElement {
  return filled(drawing.width, drawing.height, (context) => context.drawImage(drawing, 0, 0));
}

function filled(width: number, height: number, draw: (context: CanvasRenderingContext2D) => void): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("this browser cannot draw");
  context.fillStyle = themeColour("--surface");
  context.fillRect(0, 0, width, height);
  draw(context);
  return canvas;
}

const captionHeight = 56;

/** @param finer pixels of the picture in one of the page */
function withCaption(drawn: HTMLCanvasElement, { title, marks }: Caption, finer: number): HTMLCanvasElement {
  const top = captionHeight * finer;
  return filled(drawn.width, drawn.height + top, (context) => {
    context.drawImage(drawn, 0, top);
    context.scale(finer, finer);
    context.fillStyle = themeColour("--text");
    context.font = "600 15px system-ui, sans-serif";
    context.fillText(title, 12, 22);
    context.font = "13px system-ui, sans-serif";
    let x = 12;
    for (const { label, colour } of marks) {
      context.fillStyle = themeColour(colour);
      context.fillRect(x, 38, 14, 6);
      context.fillStyle = themeColour("--text");
      context.fillText(label, x + 20, 46);
      x += 40 + context.measureText(label).width;
    }
  });
}

async function canvasOf(svg: SVGSVGElement): Promise<HTMLCanvasElement> {
  const { width, height } = svg.getBoundingClientRect();
  const image = new Image();
  const text = new XMLSerializer().serializeToString(withOwnStyles(svg, width, height));
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  return filled(width * finer, height * finer, (context) =>
    context.drawImage(image, 0, 0, width * finer, height * finer),
  );
}

const styles = [
  "fill",
  "fill-opacity",
  "stroke",
  "stroke-width",
  "stroke-dasharray",
  "stroke-opacity",
  "opacity",
  "font-family",
  "font-size",
  "font-weight",
  "text-anchor",
  "dominant-baseline",
  "visibility",
  "display",
];

/** A copy that needs no style sheet: outside of the page there is none. */
function withOwnStyles(svg: SVGSVGElement, width: number, height: number): SVGSVGElement {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  copy.setAttribute("width", String(width));
  copy.setAttribute("height", String(height));
  const originals = svg.querySelectorAll<SVGElement>("*");
  for (const [at, element] of copy.querySelectorAll<SVGElement>("*").entries()) {
    const original = originals[at];
    if (original === undefined) continue;
    const computed = getComputedStyle(original);
    for (const style of styles) element.style.setProperty(style, computed.getPropertyValue(style));
  }
  return copy;
}
