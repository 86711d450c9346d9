/** What the market answered to a command, in words; read out as it comes. */

import type { Refusal } from "../../page/private-stream.js";
import type { SentCommand } from "../model/commands.js";
import { refusalWords } from "../model/reject-words.js";
import { desk } from "../model/trading.js";

export function Answer({ requestId, name }: { readonly requestId: string | undefined; readonly name: string }) {
  const sent = desk.commands.value.find((one) => one.requestId === requestId);
  return (
    <div class="answer" aria-live="polite" data-testid={name}>
      {sent !== undefined && <AnswerText sent={sent} />}
    </div>
  );
}

function AnswerText({ sent }: { readonly sent: SentCommand }) {
  const { state, words, reply, refusal } = sent;
  if (state === "sent") return <p class="note">{words}: sent, waiting for the market …</p>;
  if (state === "unanswered") {
    return <p class="note warn">{words}: the market has not answered. Look at your orders before you send it again.</p>;
  }
  const why = reply?.status === "rejected" ? reply : reply === undefined ? refusal : undefined;
  if (why !== undefined) return <Rejected {...why} />;
  return (
    <p class="note good">
      <strong>Accepted.</strong> {words}
      {reply?.status === "accepted" && <span class="small soft"> ({reply.orderId ?? reply.itemId})</span>}
    </p>
  );
}

function Rejected({ code, reason }: Refusal) {
  return (
    <p class="note bad">
      <strong>Rejected.</strong> {refusalWords(code)}
      <br />
      <span class="small">
        <code>{code}</code>: {reason}
      </span>
    </p>
  );
}
