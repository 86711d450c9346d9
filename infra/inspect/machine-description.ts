/** A machine as plain data: its states and transitions by name, before anybody has laid them out. */

export type StateType = "atomic" | "compound" | "parallel" | "final" | "history";
export type EdgeKind = "event" | "always" | "after" | "done" | "error" | "initial";

export interface DescribedState {
  readonly id: string;
  readonly key: string;
  /** Null: the whole machine. */
  readonly parent: string | null;
  readonly type: StateType;
  /** Id of the state inside in which it begins. */
  readonly initial: string | null;
  readonly entry: readonly string[];
  readonly exit: readonly string[];
  readonly invoke: readonly string[];
  readonly tags: readonly string[];
  readonly description: string | null;
}

export interface DescribedEdge {
  /** `<source>|<event type>|<index among the source's transitions>`. */
  readonly id: string;
  readonly source: string;
  /** Null: no state is left. */
  readonly target: string | null;
  readonly event: string;
  readonly guard: string | null;
  readonly delay: string | null;
  readonly actions: readonly string[];
  readonly kind: EdgeKind;
  readonly internal: boolean;
}

export interface MachineDescription {
  readonly machine: string;
  /** Parents before their children. */
  readonly nodes: readonly DescribedState[];
  readonly edges: readonly DescribedEdge[];
}
