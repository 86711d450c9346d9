/** What a run sent, without what it meant: topics, sizes and retained flags, tick by tick. */
export interface Sent {
  readonly topic: string;
  readonly bytes: number;
  readonly retain: boolean;
}

export interface Transcript {
  /** By tick; what was sent before the first tick stands at 0. */
  readonly market: readonly (readonly Sent[])[];
  /** Of each bot, by tick: what it sent from its ready before to that tick's ready. */
  readonly bots: Readonly<Record<string, readonly (readonly Sent[])[]>>;
}

/** Texts of given lengths, each made once. */
export function textOf(cache: Map<number, string>, bytes: number): string {
  const text = cache.get(bytes) ?? Buffer.alloc(bytes, "x").toString("latin1");
  cache.set(bytes, text);
  return text;
}
