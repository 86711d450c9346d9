/** Opening a log from disk, and saving what was heard as one. */
import { useRef } from "preact/hooks";
import { saveLines } from "../../page/export.js";
import { logLines } from "../model/log-file.js";
import { places, recording } from "../model/shown.js";
import { about, closeFile, file, openFile } from "../model/source.js";

export function FileButtons() {
  const input = useRef<HTMLInputElement>(null);
  const isEmpty = places.value.last < places.value.first;
  const open = file.value;
  return (
    <span class="files">
      {open !== undefined && (
        <span class="small" role="status" data-testid="file">
          <strong>{open.name}</strong>{" "}
          <span class="soft">{open.isDone ? open.from : `${open.lines.toLocaleString("en-GB")} lines read`}</span>
        </span>
      )}
      {open !== undefined && about.log === undefined && (
        <button type="button" class="small" onClick={closeFile}>
          Close
        </button>
      )}
      <button type="button" class="small" onClick={() => input.current?.click()}>
        Open a log
      </button>
      <input
        ref={input}
        type="file"
        class="hidden"
        tabIndex={-1}
        aria-label="Log file"
        accept=".ndjson,.inspect,.jsonl,.txt"
        onChange={({ currentTarget }) => {
          const [chosen] = currentTarget.files ?? [];
          if (chosen !== undefined) void openFile(chosen);
          currentTarget.value = "";
        }}
      />
      <button type="button" class="small" disabled={isEmpty} onClick={save}>
        Save the log
      </button>
    </span>
  );
}

function save(): void {
  const { market, from } = file.peek() ?? { market: about.market, from: `inspector of ${location.host}` };
  const when = recording.peek().entry(places.peek().last)?.ts.replaceAll(/[-:]/g, "").slice(0, 13) ?? "";
  saveLines(
    logLines(recording.peek(), { market, from, timezone: recording.peek().timezone.peek() }),
    `${market}-${when}.inspect.ndjson`,
  );
}
