/**
 * Commands as a stream: each sender's in the order of sending, senders independent of each other.
 *
 * Overflow policy: at most `mostWaiting` commands of one sender wait; what comes beyond is dropped, newest first, counted and
 * logged by the caller. It gets no reply: its sender repeats it (contract.md: no reply in 5 s, send the same again).
 */
import {
  catchError,
  concatMap,
  EMPTY,
  filter,
  finalize,
  from,
  groupBy,
  mergeMap,
  type Observable,
  type ObservableInput,
} from "rxjs";
import type { Packet } from "../../market/door/packet.js";

export interface PacketStreamOptions {
  readonly mostWaiting: number;
  /** Works one packet; the sender's next one waits until what it returns completes. Undefined: it is worked already. */
  readonly handle: (packet: Packet) => ObservableInput<unknown> | undefined;
  readonly onOverflow: (packet: Packet) => void;
  readonly onError: (error: unknown, packet: Packet) => void;
}

/** To be subscribed once; emits what `handle` emits. */
export function inOrderOfSending(packets: Observable<Packet>, options: PacketStreamOptions): Observable<unknown> {
  return packets.pipe(
    groupBy(({ sender }) => sender),
    mergeMap((ofOneSender) => {
      let waiting = 0;
      return ofOneSender.pipe(
        filter((packet) => {
          if (waiting < options.mostWaiting) {
            waiting += 1;
            return true;
          }
          options.onOverflow(packet);
          return false;
        }),
        concatMap((packet) => {
          const done = (): void => {
            waiting -= 1;
          };
          // Inside: an error of one packet must not end the sender's stream.
          const failed = (error: unknown): typeof EMPTY => {
            options.onError(error, packet);
            return EMPTY;
          };
          try {
            const working = options.handle(packet);
            if (working !== undefined) return from(working).pipe(catchError(failed), finalize(done));
          } catch (error) {
            failed(error);
          }
          done();
          return EMPTY;
        }),
      );
    }),
  );
}
