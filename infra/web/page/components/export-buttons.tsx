/** Buttons that save what a card shows: its numbers as CSV and, where it is a drawing, its picture as PNG. */
import type { Sheet } from "../csv.js";
import { type Caption, saveCsv, savePng } from "../export.js";

export interface ExportProps {
  /** What is saved, for whoever does not see the buttons' place. */
  readonly what: string;
  /** Made when somebody asks for it. */
  readonly sheet: () => Sheet;
  /** The drawing, or where it is inside of; none: no PNG. */
  readonly drawing?: () => Element | null;
  /** What the picture is called in its file; `what` where it is not given. */
  readonly caption?: () => Caption;
}

export function ExportButtons({ what, sheet, drawing, caption }: ExportProps) {
  const png = () => {
    const place = drawing?.() ?? null;
    const found = place?.matches("canvas, svg") === true ? place : (place?.querySelector("canvas, svg") ?? null);
    if (found instanceof HTMLCanvasElement || found instanceof SVGSVGElement)
      void savePng(found, sheet().name, caption?.() ?? { title: sentence(what), marks: [] });
  };
  return (
    <>
      <button type="button" class="small" aria-label={`Save ${what} as CSV`} onClick={() => saveCsv(sheet())}>
        CSV
      </button>
      {drawing !== undefined && (
        <button type="button" class="small" aria-label={`Save ${what} as PNG`} onClick={png}>
          PNG
        </button>
      )}
    </>
  );
}

/** `the merit order` as a heading: `Merit order`. */
function sentence(what: string): string {
  const words = what.replace(/^the /, "");
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}
