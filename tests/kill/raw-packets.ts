/** MQTT 3.1.1 packets by hand: for what no client package would send. Source: the OASIS standard, sections 3.1, 3.3 and 3.8. */

export function connectPacket(clientId: string, username: string, password: string): Buffer {
  const cleanSession = 0x02;
  const head = Buffer.concat([text("MQTT"), Buffer.from([4, 0xc0 | cleanSession, 0, 60])]);
  return packet(0x10, Buffer.concat([head, text(clientId), text(username), text(password)]));
}

/** At QoS 1. */
export function publishPacket(topic: string, payload: string, messageId: number, dup: boolean): Buffer {
  const id = Buffer.from([messageId >> 8, messageId & 255]);
  return packet(0x32 | (dup ? 0x08 : 0), Buffer.concat([text(topic), id, Buffer.from(payload)]));
}

/** At QoS 0. */
export function subscribePacket(filter: string, messageId: number): Buffer {
  return packet(0x82, Buffer.concat([Buffer.from([messageId >> 8, messageId & 255]), text(filter), Buffer.from([0])]));
}

function packet(first: number, rest: Buffer): Buffer {
  const length: number[] = [];
  for (let left = rest.length; left > 0; left >>= 7) length.push((left & 127) | (left > 127 ? 128 : 0));
  return Buffer.concat([Buffer.from([first, ...length]), rest]);
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes]);
}
