/** Addresses as connections and logins are counted by them. */
import { isIPv6 } from "node:net";

/** The market itself, and a swarm of bots. */
export function isLoopback(address: string): boolean {
  return address === "::1" || address.startsWith("127.");
}

/** As it is counted: IPv4 in IPv6 as IPv4, IPv6 by the network that one household has, its first 64 bits. */
export function countedAddress(address: string | undefined): string {
  const text = (address ?? "nowhere").replace(/^::ffff:(?=\d+\.)/i, "");
  if (!isIPv6(text) || isLoopback(text)) return text;
  const [head = "", tail] = text.split("%", 1)[0]?.split("::") ?? [];
  const first = head === "" ? [] : head.split(":");
  const last = tail === undefined || tail === "" ? [] : tail.split(":");
  const groups = [...first, ...Array.from({ length: Math.max(0, 8 - first.length - last.length) }, () => "0"), ...last];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(":")}::/64`;
}
