/** Whether actors are shown, and the operator's switch: for all, for a pattern, or for the chosen actor. */
import { computed, signal } from "@preact/signals";
import { useState } from "preact/hooks";
import { switchInspection } from "../model/operator.js";
import { chosenId, recording } from "../model/shown.js";
import { isLive } from "../model/source.js";

const isOpen = signal(false);

/** Opens the form from anywhere on the page. */
export function askToInspect(): void {
  isOpen.value = true;
}

const summary = computed(() => {
  const nodes = [...recording.value.inspecting.value.values()];
  const on = nodes.filter(({ on: isOn }) => isOn);
  const patterns = [...new Set(on.flatMap(({ actors }) => actors))];
  if (nodes.length === 0) return { isOn: false, text: "no node has answered yet" };
  if (on.length === 0) return { isOn: false, text: "inspection is off" };
  const what = patterns.includes("*") ? "all actors" : patterns.join(", ");
  const where = on.length === nodes.length ? `${on.length}` : `${on.length} of ${nodes.length}`;
  return { isOn: true, text: `inspecting ${what} in ${where} nodes` };
});

export function InspectionSwitch() {
  const { isOn, text } = summary.value;
  return (
    <span class="switch">
      <span class={`tag badge ${isOn ? "good" : "warn"}`} role="status" data-testid="inspection">
        <span class="dot" aria-hidden="true" />
        {text}
      </span>
      <button type="button" class="small" disabled={!isLive.value} onClick={askToInspect}>
        Switch…
      </button>
      {isOpen.value && <SwitchForm />}
    </span>
  );
}

type Scope = "all" | "chosen" | "pattern";
const lengths = [5, 15, 60, 240, 1440];

function SwitchForm() {
  const [scope, setScope] = useState<Scope>("all");
  const [pattern, setPattern] = useState("bidding/*");
  const [minutes, setMinutes] = useState(60);
  const [problem, setProblem] = useState<string | undefined>(undefined);
  const close = () => {
    isOpen.value = false;
  };
  const ask = async (on: boolean) => {
    try {
      const actors = actorsOf(scope, pattern);
      await switchInspection(on ? { on, actors, forMinutes: minutes } : { on });
      close();
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };
  const submit = (event: Event) => {
    event.preventDefault();
    void ask(true);
  };
  return (
    <dialog class="sign-in" aria-labelledby="switch-title" ref={showOnce} onCancel={close}>
      <form onSubmit={submit}>
        <h2 id="switch-title">Inspection</h2>
        <p class="small soft">
          What actors know is shown to operators alone, secrets taken out. It costs the market some time while it is on.
        </p>
        <fieldset class="scopes">
          <legend class="small soft">Which actors</legend>
          <Radio {...{ scope, setScope, value: "all" }}>all</Radio>
          <Radio {...{ scope, setScope, value: "chosen" }} isDisabled={chosenId.value === undefined}>
            {chosenId.value === undefined ? "the chosen one (none is)" : `only ${chosenId.value}`}
          </Radio>
          <Radio {...{ scope, setScope, value: "pattern" }}>
            those of patterns
            <input
              class="small"
              aria-label="Patterns of actors, separated by spaces"
              value={pattern}
              spellcheck={false}
              onInput={({ currentTarget }) => {
                setPattern(currentTarget.value);
                setScope("pattern");
              }}
            />
          </Radio>
        </fieldset>
        <label class="field">
          For how long
          <select value={minutes} onChange={({ currentTarget }) => setMinutes(Number(currentTarget.value))}>
            {lengths.map((one) => (
              <option key={one} value={one}>
                {one < 60 ? `${one} minutes` : one === 60 ? "an hour" : `${one / 60} hours`}
              </option>
            ))}
          </select>
        </label>
        {problem !== undefined && (
          <p class="note bad small" role="alert">
            {problem}
          </p>
        )}
        <div class="actions">
          <button type="button" onClick={close}>
            Cancel
          </button>
          <button type="button" onClick={() => void ask(false)}>
            Switch off
          </button>
          <button type="submit" class="main">
            Switch on
          </button>
        </div>
      </form>
    </dialog>
  );
}

/** @throws Error for patterns that are none */
function actorsOf(scope: Scope, pattern: string): string[] {
  if (scope === "all") return ["*"];
  if (scope === "chosen") return chosenId.peek() === undefined ? ["*"] : [chosenId.peek() as string];
  const patterns = pattern.split(/[\s,]+/).filter((one) => one !== "");
  if (patterns.length === 0) throw new Error("name at least one pattern, such as bidding/* or bot7");
  return patterns;
}

interface RadioProps {
  readonly scope: Scope;
  readonly setScope: (scope: Scope) => void;
  readonly value: Scope;
  readonly isDisabled?: boolean;
  readonly children: preact.ComponentChildren;
}

function Radio({ scope, setScope, value, isDisabled = false, children }: RadioProps) {
  return (
    <label class="tick">
      <input
        type="radio"
        name="scope"
        checked={scope === value}
        disabled={isDisabled}
        onChange={() => setScope(value)}
      />
      {children}
    </label>
  );
}

function showOnce(dialog: HTMLDialogElement | null): void {
  if (dialog !== null && !dialog.open) dialog.showModal();
}
