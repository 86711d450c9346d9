/** Who is signed in: kept for this browser tab alone, and gone with it. */
import { computed, signal } from "@preact/signals";
import type { Login } from "./login.js";

const storedAs = "elecbay-login";

export const login = signal<Login | undefined>(readStored());
/** Name of whoever is signed in; undefined for an observer. */
export const signedInAs = computed(() => login.value?.username);
export const isOperator = computed(() => login.value?.username === "operator");

export function signIn(username: string, password: string): void {
  const mine = { username, password };
  sessionStorage.setItem(storedAs, JSON.stringify(mine));
  login.value = mine;
}

export function signOut(): void {
  sessionStorage.removeItem(storedAs);
  login.value = undefined;
}

function readStored(): Login | undefined {
  const text = globalThis.sessionStorage?.getItem(storedAs) ?? null;
  return text === null ? undefined : (JSON.parse(text) as Login);
}
