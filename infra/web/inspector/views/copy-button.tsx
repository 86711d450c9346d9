/** Copies a text; where the browser does not allow it, as on a page without TLS, saves it as a file instead. Says what it did. */
import { useState } from "preact/hooks";
import { saveText } from "../../page/export.js";

export interface CopyButtonProps {
  readonly label: string;
  /** What is copied, for whoever does not see the button's place. */
  readonly what: string;
  readonly text: () => string;
  /** Name of the file. */
  readonly file: string;
}

const toldForMs = 1500;

export function CopyButton({ label, what, text, file }: CopyButtonProps) {
  const [told, setTold] = useState<string | undefined>(undefined);
  const tell = (done: string) => {
    setTold(done);
    setTimeout(() => setTold(undefined), toldForMs);
  };
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text());
      tell("copied");
    } catch {
      saveText(text(), file);
      tell("saved");
    }
  };
  return (
    <button type="button" class="small" aria-label={`Copy ${what}`} title={`Copy ${what}`} onClick={() => void copy()}>
      <span aria-live="polite">{told ?? label}</span>
    </button>
  );
}
