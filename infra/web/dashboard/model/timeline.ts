/**
 * All that has been heard, moment by moment: what is known now, and a bounded way back. Each batch of messages is a frame that holds what
 * it changed, before and after, so that the page can be moved to any moment in either direction, and every view shows that moment
 * because all of them read from here.
 *
 * Live, what is shown follows what is known. Paused, only `known` grows; `goTo` and `resume` move what is shown.
 */
import { batch, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { type Heard, keyOf, reduced, sizeOf } from "./reduce.js";

interface Change {
  readonly key: string;
  readonly before: unknown;
  readonly after: unknown;
  /** What it takes to hold it, in characters of text. */
  readonly size: number;
}

interface Frame {
  readonly wallMs: number;
  readonly changes: readonly Change[];
}

/** Numbers of the first and last frame that can be shown. */
export interface Span {
  readonly first: number;
  readonly last: number;
}

export interface Timeline {
  /** Takes in what came since the last time, as one frame. */
  take(messages: readonly Heard[], wallMs: number): void;
  /** What is known under a key at the moment shown; undefined: nothing. */
  value<Message>(key: string): ReadonlySignal<Message | undefined>;
  /** Keys under which something is known at the moment shown. */
  readonly keys: ReadonlySignal<readonly string[]>;
  /** What is known now, whatever is shown. */
  known(key: string): unknown;
  knownKeys(): readonly string[];
  /** The frame that is shown; undefined while live. */
  readonly paused: ReadonlySignal<number | undefined>;
  readonly span: ReadonlySignal<Span>;
  /** Wall time of a frame; of the nearest where it is gone. */
  wallMsOf(frame: number): number | undefined;
  pause(): void;
  goTo(frame: number): void;
  resume(): void;
}

export interface TimelineLimits {
  readonly mostFrames: number;
  /** Over all frames. */
  readonly mostChanges: number;
  /** Characters of the messages in all frames. */
  readonly mostSize: number;
  readonly mostKeys: number;
}

/** Twenty minutes at five frames a second, or a day of a quiet market. */
const usualLimits: TimelineLimits = { mostFrames: 6000, mostChanges: 120_000, mostSize: 24e6, mostKeys: 20_000 };

export function createTimeline(limits: TimelineLimits = usualLimits): Timeline {
  const known = new Map<string, unknown>();
  /** What is shown. */
  const values = new Map<string, unknown>();
  /** Of what somebody looks at: whoever does keeps his signal, and with the last of them it is gone. */
  const signals = new Map<string, WeakRef<Signal<unknown>>>();
  const left = new FinalizationRegistry<string>((key) => {
    if (signals.get(key)?.deref() === undefined) signals.delete(key);
  });
  const keys = signal<readonly string[]>([]);
  const paused = signal<number | undefined>(undefined);
  const span = signal<Span>({ first: 1, last: 0 });
  let frames: Frame[] = [];
  let first = 1;
  let changeCount = 0;
  let size = 0;
  /** Last frame whose changes are in the signals. */
  let shown = 0;

  const signalOf = (key: string): Signal<unknown> => {
    const known = signals.get(key)?.deref();
    if (known !== undefined) return known;
    const made = signal(values.get(key));
    signals.set(key, new WeakRef(made));
    left.register(made, key);
    return made;
  };
  const frameOf = (number: number): Frame | undefined => frames[number - first];
  const lastFrame = (): number => first + frames.length - 1;

  function show(key: string, value: unknown): boolean {
    const before = values.size;
    if (value === undefined) values.delete(key);
    else values.set(key, value);
    const watched = signals.get(key)?.deref();
    if (watched !== undefined) watched.value = value;
    return values.size !== before;
  }

  function move(to: number): void {
    batch(() => {
      let keysChanged = false;
      for (; shown < to; shown += 1) {
        for (const { key, after } of frameOf(shown + 1)?.changes ?? []) keysChanged = show(key, after) || keysChanged;
      }
      for (; shown > to; shown -= 1) {
        for (const { key, before } of frameOf(shown)?.changes.toReversed() ?? []) {
          keysChanged = show(key, before) || keysChanged;
        }
      }
      if (keysChanged) keys.value = [...values.keys()];
    });
  }

  /** What is dropped can no longer be gone back to: whoever looks at it is taken along. */
  function dropOld(): void {
    const isTooMuch = (): boolean => changeCount > limits.mostChanges || size > limits.mostSize;
    while (frames.length > limits.mostFrames || (isTooMuch() && frames.length > 1)) {
      if (shown < first) move(first);
      const { changes = [] } = frames[0] ?? {};
      changeCount -= changes.length;
      size -= sizeOfAll(changes);
      frames.shift();
      first += 1;
    }
    if (frames.length === 0) frames = [];
  }

  function changesOf(messages: readonly Heard[]): Change[] {
    const grouped = new Map<string, Heard[]>();
    for (const heard of messages) {
      const key = keyOf(heard.topic);
      const group = grouped.get(key);
      if (group !== undefined) group.push(heard);
      else if (known.has(key) || known.size + grouped.size < limits.mostKeys) grouped.set(key, [heard]);
    }
    return [...grouped].flatMap(([key, group]) => {
      const before = known.get(key);
      const after = reduced(before, group);
      return after === before ? [] : [{ key, before, after, size: sizeOf(after, group) }];
    });
  }

  return {
    take(messages, wallMs) {
      const changes = changesOf(messages);
      if (changes.length === 0) return;
      for (const { key, after } of changes) {
        if (after === undefined) known.delete(key);
        else known.set(key, after);
      }
      frames.push({ wallMs, changes });
      changeCount += changes.length;
      size += sizeOfAll(changes);
      batch(() => {
        if (paused.value === undefined) move(lastFrame());
        dropOld();
        if (paused.value !== undefined) paused.value = shown;
        span.value = { first, last: lastFrame() };
      });
    },
    value: <Message>(key: string) => signalOf(key) as ReadonlySignal<Message | undefined>,
    keys,
    known: (key) => known.get(key),
    knownKeys: () => [...known.keys()],
    paused,
    span,
    wallMsOf: (frame) => frames[Math.min(Math.max(0, frame - first), frames.length - 1)]?.wallMs,
    pause() {
      if (frames.length > 0) paused.value ??= shown;
    },
    goTo(frame) {
      batch(() => {
        move(Math.min(Math.max(first, frame), lastFrame()));
        paused.value = shown;
      });
    },
    resume() {
      batch(() => {
        move(lastFrame());
        paused.value = undefined;
      });
    },
  };
}

const sizeOfAll = (changes: readonly Change[]): number => changes.reduce((sum, { size }) => sum + size, 0);
