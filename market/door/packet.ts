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

export const largestCommandBytes = 4096;
export const largestBatchBytes = 262_144;

/**
 * A packet as it came off the wire. What is too large for its topic is refused unread, so its text is not kept: nobody can fill the
 * journal with what is not taken.
 */
export function packetFrom(sender: string, topic: string, text: string, bytes: number, stampedAtMs: number): Packet {
  const largestBytes = topic === "batch" ? largestBatchBytes : largestCommandBytes;
  return { sender, topic, payload: bytes > largestBytes ? "" : text, bytes, stampedAtMs };
}
