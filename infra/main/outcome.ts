/** How something that runs turns out, known only later: whoever awaits it hears of it, nobody has to. */
export interface Outcome<T> {
  readonly promise: Promise<T>;
  resolve(value: T): void;
  reject(error: unknown): void;
}

export function createOutcome<T>(): Outcome<T> {
  let settle: Omit<Outcome<T>, "promise"> = { resolve: () => {}, reject: () => {} };
  const promise = new Promise<T>((resolve, reject) => {
    settle = { resolve, reject };
  });
  promise.catch(() => {});
  return { promise, ...settle };
}
