/** The registrar of a simulated market, as infra/main/up.ts starts it: the doors ask its registry, and guests come in by it. */

import type { JournalledRole, MakeActor } from "../../infra/journal/hosted-actor.js";
import type { ActorJournal } from "../../infra/journal/journal.js";
import type { ManagerHost } from "../../infra/journal/manager-host.js";
import {
  type RegistrarProcess,
  type RegistrarProcessOptions,
  startRegistrar,
} from "../../infra/main/registrar-process.js";
import { createAccountBook } from "../../infra/registry/account-book.js";
import type { Persons } from "../../infra/registry/persons.js";
import { watt } from "../../shared/units.js";
import type { Setting } from "./setting.js";

/** What stands between the market's parts: as in infra/actors/market-hosts.ts, the registrar's too. */
export interface SimulatedInterference {
  readonly actor?: (role: JournalledRole, make: MakeActor) => MakeActor;
  readonly host?: <Role extends JournalledRole>(host: ManagerHost<Role>) => ManagerHost<Role>;
}

export type SimulatedRegistrarOptions = Pick<
  RegistrarProcessOptions,
  "secrets" | "clock" | "world" | "log" | "toldToManagers" | "onFailure"
> & {
  readonly setting: Setting;
  readonly journal: ActorJournal;
  readonly interference: SimulatedInterference;
};

export function startSimulatedRegistrar(options: SimulatedRegistrarOptions): Promise<RegistrarProcess> {
  const { setting, journal, interference, ...given } = options;
  const { terms, mechanism, supplier } = setting;
  return startRegistrar({
    ...given,
    ...{ terms, journal, url: "simulated", persons: personsInMemory() },
    book: createAccountBook(terms.members, journal.facts()),
    policy: {
      ...{ mode: "closed", capacityW: watt(0), maxParticipants: 100 },
      ...(mechanism.kind === "pool" ? {} : { supplier: supplier.name }),
    },
    ...{ onAccount: () => {}, onKeyDrawn: undefined, onKey: () => Promise.resolve() },
    interference: {
      actor: (make) => interference.actor?.("api", make) ?? make,
      host: (host) => interference.host?.(host) ?? host,
    },
  });
}

/** Nobody registers in a simulated run: there are no names to be kept. */
function personsInMemory(): Persons {
  const names = new Map<string, string>();
  return {
    keep: (id, name) => void names.set(id, name),
    nameOf: (id) => names.get(id),
    find: () => [],
    erase: (id) => void names.delete(id),
    keepOnly: () => {},
    close: () => {},
  };
}
