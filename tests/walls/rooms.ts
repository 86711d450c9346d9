/** Who may import whom (house.md, section 2): pure functions from sources to sentences of complaint. */
import { type Import, importsOf, type Source } from "./source.js";

interface Room {
  readonly name: string;
  readonly path: RegExp;
  readonly packages: readonly string[];
  /** Files of ours that it may import. */
  readonly rooms: RegExp;
  /** And those of which it may take the types. */
  readonly types: RegExp;
}

const nothing = /^$/;
const specifications = /^agents\/[a-z-]+\/specification\.ts$/;
const pureKind = (kind: string): Room => ({
  name: `agents/${kind}`,
  path: new RegExp(`^agents/${kind}/`),
  packages: [],
  rooms: new RegExp(`^(shared|agents/${kind})/`),
  types: specifications,
});

/** The first room whose path fits is the file's room. */
const rooms: readonly Room[] = [
  { name: "shared", path: /^shared\//, packages: ["zod"], rooms: /^shared\//, types: nothing },
  {
    name: "market/rules",
    path: /^market\/rules\//,
    packages: [],
    rooms: /^(shared|market\/rules)\//,
    types: /^market\/(facts|terms|ports)\.ts$/,
  },
  {
    name: "market",
    path: /^market\//,
    packages: ["xstate", "rxjs"],
    rooms: /^(shared|market)\//,
    types: nothing,
  },
  ...["devices", "strategies", "games"].map(pureKind),
  { name: "agents", path: /^agents\//, packages: ["xstate", "rxjs"], rooms: /^(shared|agents)\//, types: nothing },
  // What strangers load: the contract, and a connection.
  {
    name: "infra/client",
    path: /^infra\/client\//,
    packages: ["zod", "node:crypto"],
    rooms: /^(shared|infra\/client)\/|^infra\/mqtt\/connection\.ts$/,
    types: nothing,
  },
  // What a browser loads: drawn from topics alone. The two pages share one room and nothing else, save how a machine is written as text.
  ...["page", "dashboard", "inspector"].map(
    (page): Room => ({
      name: `infra/web/${page}`,
      path: new RegExp(`^infra/web/${page}/`),
      packages: ["preact", "@preact", "uplot", "d3-sankey", "mqtt"],
      rooms: new RegExp(
        `^(shared|infra/web/(page|${page}))/${page === "inspector" ? "|^infra/inspect/(mermaid|chart-text|machine-description)[.]ts$" : ""}`,
      ),
      types: nothing,
    }),
  ),
  { name: "infra", path: /^infra\//, packages: [], rooms: /^(shared|market|agents|infra)\//, types: nothing },
];

/** Packages that touch the world, each behind one door. */
const doors: readonly { readonly packages: RegExp; readonly only: RegExp; readonly door: string }[] = [
  { packages: /^(mqtt|aedes)([/-]|$)/, only: /^infra\/(mqtt\/|web\/page\/broker)/, door: "infra/mqtt" },
  { packages: /^(nats|@nats-io\/.*)$/, only: /^infra\/nats\//, door: "infra/nats" },
  { packages: /^(libsql|@libsql\/.*)([/-]|$)/, only: /^infra\/journal\//, door: "infra/journal" },
];

export function roomViolations(sources: readonly Source[]): string[] {
  return sources.flatMap((source) => {
    const room = rooms.find(({ path }) => path.test(source.path));
    if (room === undefined) return [`${source.path}: belongs to no room`];
    return importsOf(source)
      .filter((wanted) => !mayImport(room, wanted))
      .map(({ target }) => `${source.path}: ${room.name} must not import ${target}`);
  });
}

function mayImport(room: Room, { target, isOurs, typeOnly }: Import): boolean {
  if (isOurs) return room.rooms.test(target) || (typeOnly && room.types.test(target));
  // A package's types are gone when the program runs, but market/rules and the pure agents have none even so.
  const isZodType = typeOnly && target === "zod" && room.packages.length > 0;
  return room.name === "infra" || isZodType || room.packages.includes(target.split("/")[0] ?? "");
}

/** The broker's packages are imported behind one door each. */
export function doorViolations(sources: readonly Source[]): string[] {
  return sources.flatMap((source) =>
    importsOf(source).flatMap(({ target, isOurs }) => {
      const door = isOurs ? undefined : doors.find(({ packages }) => packages.test(target));
      return door === undefined || door.only.test(source.path)
        ? []
        : [`${source.path}: only ${door.door} imports ${target}`];
    }),
  );
}

/** Each manager of periods could be a process of its own: none imports another's files, types included. */
export function managerViolations(sources: readonly Source[]): string[] {
  return sources.flatMap((source) => {
    const own = managerOf(source.path);
    if (own === undefined) return [];
    return importsOf(source).flatMap(({ target, isOurs }) => {
      const other = isOurs ? managerOf(target) : undefined;
      return other === undefined || other === own
        ? []
        : [`${source.path}: ${own} must not import ${other} (${target})`];
    });
  });
}

/** A folder of market/managers, or a file named for a manager. */
function managerOf(path: string): string | undefined {
  const inFolder = /^market\/managers\/([a-z-]+)\//.exec(path)?.[1];
  return inFolder ?? /^market\/managers\/(bidding|exchange|settlement|supervisor)[.-]/.exec(path)?.[1];
}
