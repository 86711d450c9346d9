/** Signing in with an id and its key, and out again. The key stays in this tab. */

import { signal } from "@preact/signals";
import { useRef } from "preact/hooks";
import type { LinkState } from "../broker-link.js";
import { signedInAs, signIn, signOut } from "../session.js";

const isOpen = signal(false);

/** Opens the form from anywhere on the page. */
export function askToSignIn(): void {
  isOpen.value = true;
}

export function SignIn({ linkState }: { readonly linkState: LinkState }) {
  const name = signedInAs.value;
  if (name !== undefined && linkState !== "refused") {
    return (
      <span class="who">
        <span class="small">
          <span class="soft">signed in as</span> <strong data-testid="signed-in">{name}</strong>
        </span>
        <button type="button" class="small" onClick={leave}>
          Sign out
        </button>
      </span>
    );
  }
  return (
    <>
      <button type="button" class="small" onClick={askToSignIn}>
        Sign in
      </button>
      {(isOpen.value || linkState === "refused") && <SignInForm wasRefused={linkState === "refused"} />}
    </>
  );
}

/** Nothing of what was read stays in the page. */
function leave(): void {
  signOut();
  location.reload();
}

function SignInForm({ wasRefused }: { readonly wasRefused: boolean }) {
  const form = useRef<HTMLFormElement>(null);
  const close = () => {
    isOpen.value = false;
    if (wasRefused) leave();
  };
  const submit = (event: Event) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget as HTMLFormElement);
    isOpen.value = false;
    signIn(String(given.get("id") ?? "").trim(), String(given.get("key") ?? "").trim());
  };
  return (
    <dialog
      class="sign-in"
      aria-labelledby="sign-in-title"
      ref={(dialog) => showOnce(dialog, wasRefused)}
      onCancel={close}
    >
      <form ref={form} onSubmit={submit}>
        <h2 id="sign-in-title">Sign in</h2>
        {wasRefused && (
          <p class="note bad" role="alert">
            The market does not know this id with this key. Check both, or register first with{" "}
            <a href="/swagger/#/registration">POST /participants</a>.
          </p>
        )}
        <p class="small soft">
          Participants sign in with their id and key; the operator as <code>operator</code> with the text of the file
          operator.key. The key stays in this tab.
        </p>
        <label class="field">
          Id
          <input
            name="id"
            defaultValue={wasRefused ? signedInAs.peek() : ""}
            required
            autocomplete="username"
            autocapitalize="none"
            spellcheck={false}
            maxLength={32}
          />
        </label>
        <label class="field">
          Key
          <input name="key" type="password" required autocomplete="current-password" maxLength={200} />
        </label>
        <div class="actions">
          <button type="button" onClick={close}>
            Cancel
          </button>
          <button type="submit" class="main">
            Sign in
          </button>
        </div>
      </form>
    </dialog>
  );
}

/** After a wrong key the id stays, and the key is to be typed. */
function showOnce(dialog: HTMLDialogElement | null, wasRefused: boolean): void {
  if (dialog === null || dialog.open) return;
  dialog.showModal();
  if (wasRefused) dialog.querySelector<HTMLInputElement>("[name=key]")?.focus();
}
