/** The one access list in the forms of the brokers: whatever the guards of the embedded broker allow, each form allows, and no more. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pluginRole, roleName } from "../../../infra/brokers/plugin-access.js";
import { mayPublish, maySubscribe, type Standing } from "../../../infra/mqtt/access.js";
import { natsPermissions } from "../../../infra/nats/nats-access.js";
import { processRoles } from "../../../shared/participant-id.js";

const standings: readonly Standing[] = [
  { kind: "participant", id: "ann" },
  { kind: "observer" },
  { kind: "operator" },
  { kind: "inspect" },
  { kind: "market" },
  ...processRoles.map((role) => ({ kind: "process", role }) as const),
];
const named = standings.map((standing) => [roleName(standing), standing] as const);

const level = fc.constantFrom(
  ...["in", "public", "private", "manage", "inspect", "ann", "bob", "orders", "meter", "clock", "items"],
  ...["20160801-0200", "status", "bidding", "supervisor", "control", "inspecting", "replies", "members", "accounts"],
);
const topic = fc.array(level, { minLength: 2, maxLength: 4 }).map((levels) => `elecbay/main/${levels.join("/")}`);

/** As brokers match a topic, or the filter of a subscription taken for one, with an allowed filter. */
function isWithin(filter: string, asked: string): boolean {
  const allowed = filter.split("/");
  const levels = asked.split("/");
  for (const [i, one] of allowed.entries()) {
    if (one === "#") return true;
    if (levels[i] === undefined || (one !== "+" && one !== levels[i])) return false;
  }
  return levels.length === allowed.length;
}

describe.each(named)("the role %s of Mosquitto's plugin", (_name, standing) => {
  const { acls } = pluginRole("main", standing);
  const allows = (acltype: string, asked: string) =>
    acls.some((rule) => rule.acltype === acltype && isWithin(rule.topic, asked));

  it("lets it publish and subscribe exactly where the embedded broker does", () => {
    fc.assert(
      fc.property(topic, (asked) => {
        const isCleared = mayPublish("main", standing, asked, true, true);
        expect(allows("publishClientSend", asked)).toBe(mayPublish("main", standing, asked, false, false) || isCleared);
        expect(allows("subscribePattern", asked)).toBe(maySubscribe("main", standing, asked));
        expect(allows("publishClientReceive", asked)).toBe(maySubscribe("main", standing, asked));
      }),
      { numRuns: 300 },
    );
  });

  it("allows nothing beyond its market and denies nothing by name", () => {
    expect(acls.filter(({ topic: filter }) => !filter.startsWith("elecbay/main/"))).toEqual([]);
    expect(acls.filter(({ allow }) => !allow)).toEqual([]);
  });
});

describe.each(named)("the permissions of %s on a NATS server", (_name, standing) => {
  const { pub, sub } = natsPermissions("main", standing);
  const isAllowed = ({ allow, deny = [] }: typeof pub, asked: string): boolean => {
    const subject = asked.replaceAll("/", ".");
    if (deny.some((one) => matches(one, subject))) return false;
    return allow.length === 0 || allow.some((one) => matches(one, subject)); // as the server takes an empty list
  };

  it("lets it publish and subscribe exactly where the embedded broker does", () => {
    fc.assert(
      fc.property(topic, (asked) => {
        const isCleared = mayPublish("main", standing, asked, true, true);
        expect(isAllowed(pub, asked)).toBe(mayPublish("main", standing, asked, false, false) || isCleared);
        expect(isAllowed(sub, asked)).toBe(maySubscribe("main", standing, asked));
      }),
      { numRuns: 300 },
    );
  });

  it("lets it read with `#` what stands at the level itself, and hear at QoS 1", () => {
    for (const subject of sub.allow.filter((one) => one.startsWith("elecbay.") && one.endsWith(".>")))
      expect(sub.allow).toContain(subject.slice(0, -2));
    expect(sub.allow).toContain("$MQTT.sub.>");
  });
});

/** As a NATS server matches a subject. */
function matches(allowed: string, subject: string): boolean {
  const tokens = subject.split(".");
  const wanted = allowed.split(".");
  for (const [i, one] of wanted.entries()) {
    if (one === ">") return tokens.length > i;
    if (tokens[i] === undefined || (one !== "*" && one !== tokens[i])) return false;
  }
  return wanted.length === tokens.length;
}
