import { describe, expect, it } from "vitest";
import { createConnectionBook, type Visitor } from "../../../infra/mqtt/connection-book.js";
import { countedAddress, isLoopback } from "../../../infra/mqtt/counted-address.js";

const limits = {
  ...{ mostConnections: 4, mostConnectionsOfAddress: 2, mostConnectionsOfUser: 2, mostObservers: 3 },
  ...{ mostUnreadBytesInAll: 100, unreadForMs: 1000 },
};
const far = "192.0.2.1";
const ann = { kind: "participant", id: "ann" } as const;

function stage() {
  let nowMs = 0;
  const cut: string[] = [];
  const book = createConnectionBook(limits, () => nowMs);
  const visitor = (name: string, address = "127.0.0.1") => {
    const state = { unread: 0, taken: 0 };
    const guard = {
      ...{ loggedIn: () => {}, unreadBytes: () => state.unread, takenBytes: () => state.taken },
      breach: (cause: string) => void cut.push(`${name} ${cause}`),
    };
    return { address, guard, state } satisfies Visitor & { state: object };
  };
  return {
    ...{ book, cut, visitor },
    pass: (ms: number) => {
      nowMs += ms;
    },
  };
}

describe("the book of connections", () => {
  it("takes so many from one address, and any number from loopback", () => {
    const { book, visitor } = stage();
    const [first, second, third] = [visitor("1", far), visitor("2", far), visitor("3", far)];
    expect([book.enter(first), book.enter(second)]).toEqual([undefined, undefined]);
    expect(book.enter(third)?.cause).toBe("connections-of-address");
    book.leave(first);
    expect(book.enter(third)).toBeUndefined();
  });

  it("lets the oldest that has not logged in make room, and takes nobody where all have", () => {
    const { book, visitor, cut } = stage();
    const [a, b, c, d, e] = [visitor("a"), visitor("b"), visitor("c"), visitor("d"), visitor("e")];
    const [f, g, h] = [visitor("f"), visitor("g"), visitor("h")];
    for (const one of [a, b, c, d]) expect(book.enter(one)).toBeUndefined();
    book.logIn(a, "ann", "ann", ann);
    expect(book.enter(e)).toBeUndefined();
    expect(cut).toEqual(["b connections"]);
    for (const one of [c, d, e]) book.logIn(one, "market", "market", { kind: "market" });
    expect(book.enter(f)?.cause).toBe("connections");
    book.leave(a);
    expect([book.enter(g), book.enter(h)]).toEqual([undefined, undefined]);
    expect(cut).toEqual(["b connections", "g connections"]);
    expect(book.count()).toBe(4);
  });

  it("takes so many of one user, one whose client id is taken over among them", () => {
    const { book, visitor } = stage();
    const [a, b, c] = [visitor("a"), visitor("b"), visitor("c")];
    for (const one of [a, b, c]) book.enter(one);
    expect([book.logIn(a, "ann", "ann/1", ann), book.logIn(b, "ann", "ann/2", ann)]).toEqual([undefined, undefined]);
    expect(book.logIn(c, "ann", "ann/3", ann)).toBe("2 connections of ann already");
    expect(book.logIn(c, "ann", "ann/1", ann)).toBeUndefined();
  });

  it("cuts who takes nothing of what waits for it, and not who is slow", () => {
    const { book, visitor, cut, pass } = stage();
    const [stuck, slow] = [visitor("stuck"), visitor("slow")];
    for (const one of [stuck, slow]) {
      book.enter(one);
      one.state.unread = 10;
    }
    for (let times = 0; times < 3; times += 1) {
      book.sweep();
      pass(600);
      slow.state.taken += 1;
    }
    expect(cut).toEqual(["stuck unread"]);
  });

  it("cuts the longest backlogs where all together are too long", () => {
    const { book, visitor, cut } = stage();
    for (const [name, unread] of [
      ["a", 30],
      ["b", 60],
      ["c", 40],
    ] as const) {
      const one = visitor(name);
      one.state.unread = unread;
      book.enter(one);
    }
    book.sweep();
    expect(cut).toEqual(["b unread"]);
  });
});

describe("an address as it is counted", () => {
  it.each([
    ["192.0.2.7", "192.0.2.7"],
    ["::ffff:192.0.2.7", "192.0.2.7"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["2001:db8::5", "2001:db8:0:0::/64"],
    ["fe80::1%eth0", "fe80:0:0:0::/64"],
    ["::1", "::1"],
  ])("of %s is %s", (address, counted) => {
    expect(countedAddress(address)).toBe(counted);
  });

  it("tells loopback", () => {
    expect(["127.0.0.1", "127.1.2.3", "::1", "128.0.0.1", countedAddress("::ffff:127.0.0.1")].map(isLoopback)).toEqual([
      ...[true, true, true, false, true],
    ]);
  });
});
