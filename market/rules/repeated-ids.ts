/**
 * Whether two of many texts are the same: a table of their hashes, which is several times faster than a set of texts in large books.
 *
 * Hash: the polynomial of 31 over the code units, in 32 bits; equal hashes are told apart by the texts. Where more hashes meet than chance
 * would have it, because somebody chose the texts so, a set decides: nobody can make this slow.
 */

/** Linear in the number of `objects` and the length of their ids. */
export function haveRepeatedIds(objects: readonly { readonly orderId: string }[]): boolean {
  let slots = 16;
  while (slots < 2 * objects.length) slots *= 2;
  const hashes = new Int32Array(slots);
  /** Place in `objects`, from 1; 0: free. */
  const places = new Int32Array(slots);
  let stepsLeft = 32 * objects.length;
  for (let at = 0; at < objects.length; at += 1) {
    const { orderId } = objects[at] as { readonly orderId: string };
    const hash = hashOf(orderId);
    let slot = hash & (slots - 1);
    for (let place = places[slot] as number; place > 0; place = places[slot] as number) {
      if (hashes[slot] === hash && objects[place - 1]?.orderId === orderId) return true;
      stepsLeft -= 1;
      if (stepsLeft < 0) return new Set(objects.map((object) => object.orderId)).size < objects.length;
      slot = (slot + 1) & (slots - 1);
    }
    hashes[slot] = hash;
    places[slot] = at + 1;
  }
  return false;
}

function hashOf(text: string): number {
  let hash = 0;
  for (let at = 0; at < text.length; at += 1) hash = (Math.imul(hash, 31) + text.charCodeAt(at)) | 0;
  return Math.imul(hash ^ (hash >>> 16), 0x45d9f3b);
}
