/** One message of a participant as it came off the wire, stamped by the market. */
export interface Packet {
  /** From the topic, guarded by the broker's access list; never from the payload. */
  readonly sender: string;
  /** Last level of the topic: `items`, `orders`, `meter`, `batch`. */
  readonly topic: string;
  readonly payload: string;
  /** Length on the wire. */
  readonly bytes: number;
  /** Market time at which it counts. */
  readonly stampedAtMs: number;
}
