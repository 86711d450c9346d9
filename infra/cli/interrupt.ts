/** Ctrl-C and its kin: the first asks politely, the second ends at once. */

/** Resolves with the first Ctrl-C: asked for before anything is started, for whoever starts something may be stopped meanwhile. */
export function interruption(): Promise<void> {
  return new Promise((resolve) => onInterrupt(resolve));
}

/** Calls `onInterrupt` once; a second signal ends the program. Returns how to stop listening. */
export function onInterrupt(onInterrupt: () => void): () => void {
  let asked = false;
  const listen = (): void => {
    if (asked) process.exit(130);
    asked = true;
    onInterrupt();
  };
  process.on("SIGINT", listen);
  process.on("SIGTERM", listen);
  return () => {
    process.off("SIGINT", listen);
    process.off("SIGTERM", listen);
  };
}
