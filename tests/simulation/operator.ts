/**
 * The operator: does what is drawn, and the same again where no answer comes in 5 s or the market says that it is away. A payment that is
 * pending is asked about until it has its end. What concerns supply is told one after the other, for there the last word holds.
 */
import type { Outcome, Registry } from "../../infra/registry/registry.js";
import type { RandomStream } from "../../shared/random-stream.js";
import { drawActs, type OperatorAct, type OperatorView } from "./operator-acts.js";
import type { Wall } from "./wall.js";

export interface OperatorOptions {
  readonly wall: Wall;
  readonly chance: RandomStream;
  readonly view: OperatorView;
  /** Of the market as it lives now; undefined: nobody answers. */
  readonly registry: () => Registry | undefined;
  /** Hears every answer, also what is only passing. */
  readonly onAnswer: (act: OperatorAct, outcome: Outcome) => void;
  /** An answer that is an error is a fault of the market's own. */
  readonly onError: (error: unknown) => void;
}

export interface SimulatedOperator {
  /** Draws something to do and does it. */
  act(): void;
  /** What has no answer that is final. */
  pending(): readonly OperatorAct[];
}

const retryMs = 5000;

export function startOperator({ wall, chance, view, registry, onAnswer, onError }: OperatorOptions): SimulatedOperator {
  const pending = new Set<OperatorAct>();
  const supplyInTurn: OperatorAct[] = [];

  function ask(act: OperatorAct): void {
    const asked = registry();
    if (asked !== undefined) {
      // A process that has died meanwhile has told nobody.
      said(asked, act).then(
        (outcome) => registry() === asked && hear(act, outcome),
        (error: unknown) => registry() === asked && onError(error),
      );
    }
    wall.setTimeout(() => {
      if (pending.has(act)) ask(act);
    }, retryMs);
  }

  function hear(act: OperatorAct, outcome: Outcome): void {
    onAnswer(act, outcome);
    if (!pending.has(act) || isPassing(outcome)) return;
    pending.delete(act);
    if (supplyInTurn[0] !== act) return;
    supplyInTurn.shift();
    const [next] = supplyInTurn;
    if (next !== undefined) ask(next);
  }

  return {
    pending: () => [...pending],
    act() {
      for (const act of drawActs(view, chance)) {
        pending.add(act);
        const isSupply = act.kind !== "pay";
        if (isSupply) supplyInTurn.push(act);
        if (!isSupply || supplyInTurn.length === 1) ask(act);
      }
    },
  };
}

function said({ operator }: Registry, act: OperatorAct): Promise<Outcome> {
  if (act.kind === "pay") return operator.pay(act.payment);
  if (act.kind === "offer") return operator.offer(act.request);
  return operator.assign(act.participant, act.supplier, act.fromMs);
}

/** The market is away, or the payment waits for a part of it. */
function isPassing(outcome: Outcome): boolean {
  if (!outcome.ok) return outcome.code === "market-closed";
  const { payment } = outcome as { readonly payment?: { readonly state: string } };
  return payment?.state === "pending";
}
