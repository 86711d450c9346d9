/** One after the other under the same name: what concerns one id is not decided twice at once. */
export type InTurnOf = <Result>(name: string, work: () => Promise<Result>) => Promise<Result>;

/** Work of one name waits for that before it, however that ended; of other names it does not. */
export function createTurns(): InTurnOf {
  const last = new Map<string, Promise<unknown>>();
  return async (name, work) => {
    const before = last.get(name) ?? Promise.resolve();
    const own = before.then(work, work);
    last.set(name, own);
    try {
      return await own;
    } finally {
      if (last.get(name) === own) last.delete(name);
    }
  };
}
