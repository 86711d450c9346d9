/** What stands in the place of the actors while there are none: why, and what to do. */
import { Empty } from "../../page/components/card.js";
import { askToSignIn } from "../../page/components/sign-in.js";
import { isOperator } from "../../page/session.js";
import { file, linkState } from "../model/source.js";
import { askToInspect } from "./inspection-switch.js";

export function NothingYet() {
  if (file.value !== undefined) {
    const { problem, isDone } = file.value;
    if (problem !== undefined) return <Empty title="The log cannot be opened">{problem}</Empty>;
    return isDone ? (
      <Empty title="The log is empty">Nothing was inspected in it.</Empty>
    ) : (
      <Empty title="Reading the log" />
    );
  }
  if (!isOperator.value) {
    return (
      <Empty title="Actors are shown to operators">
        <p>
          Sign in as <code>operator</code> with the text of the file operator.key, or drop a log here that{" "}
          <code>elecbay simulate … --inspect FILE</code> has written.
        </p>
        <button type="button" class="main" onClick={askToSignIn}>
          Sign in
        </button>
      </Empty>
    );
  }
  if (linkState.value !== "live") return <Empty title="Connecting">The broker is not reached yet.</Empty>;
  return (
    <Empty title="Inspection is off">
      <p>
        Switch it on for all actors or some; or start the market with <code>elecbay up --inspect</code>.
      </p>
      <button type="button" class="main" onClick={askToInspect}>
        Switch on…
      </button>
    </Empty>
  );
}
