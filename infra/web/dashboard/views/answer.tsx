/** What the market answered to a command, in words; read out as it comes. */

import type { SentCommand } from "../model/commands.js";
import { rejectWords } from "../model/reject-words.js";
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
  const { state, words, reply } = sent;
  if (state === "sent") return <p class="note">{words}: sent, waiting for the market …</p>;
  if (state === "unanswered") {
    return <p class="note warn">{words}: the market has not answered. Look at your orders before you send it again.</p>;
  }
  if (reply?.status === "rejected") {
    return (
      <p class="note bad">
        <strong>Rejected.</strong> {rejectWords[reply.code]}
        <br />
        <span class="small">
          <code>{reply.code}</code>: {reply.reason}
        </span>
      </p>
    );
  }
  return (
    <p class="note good">
      <strong>Accepted.</strong> {words}
      {reply?.status === "accepted" && <span class="small soft"> ({reply.orderId ?? reply.itemId})</span>}
    </p>
  );
}
