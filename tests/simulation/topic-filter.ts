/** Filters of subscriptions, as MQTT 3.1.1 has them. */

/** Whether a subscription's filter covers a topic: `+` one level, `#` all that follow. */
export function covers(filter: string, topic: string): boolean {
  let [inFilter, inTopic] = [0, 0];
  for (;;) {
    const wanted = levelAt(filter, inFilter);
    if (wanted === "#") return true;
    if (inTopic > topic.length || inFilter > filter.length) return inTopic > topic.length && inFilter > filter.length;
    const level = levelAt(topic, inTopic);
    if (wanted !== "+" && wanted !== level) return false;
    inFilter += wanted.length + 1;
    inTopic += level.length + 1;
  }
}

function levelAt(text: string, from: number): string {
  const end = text.indexOf("/", from);
  return end === -1 ? text.slice(from) : text.slice(from, end);
}
