/**
 * A run as its journals hold it, opened only to be read: also while a market writes them, and after it was killed.
 *
 * All that its actors were made from comes from the journals: terms, supplier, a mechanism of one's own. Two secrets do not, for a journal is
 * shown to more people than they are: what the salts of statements are made from is read beside the journals, and what signs heads is not needed.
 */
import { dirname, resolve } from "node:path";
import type { SupplierSpecification } from "../../agents/supplier/specification.js";
import type { Sign } from "../../market/ports.js";
import type { Mechanism } from "../../market/rules/mechanisms/mechanism.js";
import type { MarketTerms } from "../../market/terms.js";
import { type ActorMakers, createActorMakers } from "../actors/actor-makers.js";
import { type ActorRun, createActorRun } from "../journal/actor-run.js";
import { hostedRoles, type JournalledRole } from "../journal/hosted-actor.js";
import { type ActorJournal, JournalError } from "../journal/journal.js";
import { journalFile, journalsIn, openJournals } from "../journal/journal-folder.js";
import { type RunAbout, type RunRecord, recallRun, recallSupplier } from "../journal/run-record.js";
import { secretsIn, sha256 } from "../main/secrets.js";
import { loadMechanism } from "../mechanisms/load-mechanism.js";
import { isMechanismFile, mechanismFromCode } from "../mechanisms/own-mechanism.js";
import { programVersion } from "../version.js";

export interface RecordedRun {
  readonly folder: string;
  readonly record: RunRecord & { readonly about: RunAbout };
  readonly supplier: SupplierSpecification;
  readonly mechanism: Mechanism;
  /** Whose journals there are: all actors', and the registrar's where the market had doors. */
  readonly roles: readonly JournalledRole[];
  journalOf(role: JournalledRole): ActorJournal;
  /** The actors of such a run, under its own terms and mechanism or under others. */
  makers(other?: OtherRules): ActorMakers;
  /** A life of one of `makers`, at its very beginning. */
  begin(makers: ActorMakers, role: JournalledRole): ActorRun;
  close(): void;
}

/** Rules that a run was not made under. */
export interface OtherRules {
  readonly terms: MarketTerms;
  readonly mechanism: Mechanism;
  /** The heads over its statements are others: whoever makes them signs them. */
  readonly sign: Sign;
}

/** @throws JournalError where it cannot be read or replayed, InputError for a mechanism that cannot be loaded. */
export async function openRecordedRun(folder: string): Promise<RecordedRun> {
  const journals = openJournals(folder, { programVersion, durability: "normal", readonly: true });
  try {
    assertAllThere(folder);
    const record = recordOf(folder, journals.journalOf("settlement"));
    const supplier = recallSupplier(journals.journalOf("supplier"));
    if (supplier === undefined) throw tooOld(folder);
    const mechanism = await mechanismOf(folder, record);
    const secrets = secretsOf(folder, record);
    const own = { terms: record.terms, mechanism, sign: () => "" };
    const makers: RecordedRun["makers"] = (rules = own) =>
      createActorMakers({
        ...{ ...rules, supplier, digest: sha256, ...secrets },
        ...{ statementKey: record.about.statementKey, version: programVersion },
        hasOperator: record.mode !== "lockstep",
        ...{ rateWindowMs: record.rateWindowMs, leastListIntervalMs: record.leastListIntervalMs },
      });
    return {
      ...{ folder, record, supplier, mechanism, makers, roles: journalsIn(folder) },
      journalOf: (role) => journals.journalOf(role),
      begin: ({ make }, role) => {
        const { market, calendar } = record.terms;
        return createActorRun({ market, startMs: calendar.startMs, make: make[role], digest: sha256 });
      },
      close: journals.close,
    };
  } catch (error) {
    journals.close();
    throw error;
  }
}

function assertAllThere(folder: string): void {
  const there = journalsIn(folder);
  const missing = hostedRoles.find((role) => !there.includes(role));
  if (missing === undefined) return;
  throw new JournalError(
    `${journalFile(folder, missing)} is missing: a run is replayed from the journals of all its actors`,
  );
}

function recordOf(folder: string, journal: ActorJournal): RecordedRun["record"] {
  const record = recallRun(journal);
  if (record?.about === undefined) throw tooOld(folder);
  return { ...record, about: record.about };
}

function tooOld(folder: string): JournalError {
  return new JournalError(`${folder} holds journals of an elecbay that did not yet keep all that a replay needs`);
}

/** Its own code stands in the journal: the file may have changed since, or be gone. */
function mechanismOf(folder: string, { terms, about }: RecordedRun["record"]): Promise<Mechanism> {
  const { mechanism } = terms.bidding;
  if (about.mechanismCode !== undefined) return mechanismFromCode(about.mechanismCode, mechanism);
  if (!isMechanismFile(mechanism)) return loadMechanism(mechanism, dirname(resolve(folder)));
  throw new JournalError(`${folder} was run under ${mechanism}, whose code its journals do not hold`);
}

/** As the market had them: in lockstep from its seed, so that a run's heads repeat. */
function secretsOf(folder: string, { mode, terms }: RecordedRun["record"]) {
  const ofSeed = { statementSecret: String(terms.seed), pseudonymSalt: String(terms.seed) };
  if (mode === "lockstep") return ofSeed;
  const secrets = secretsIn(folder);
  if (secrets !== undefined)
    return { statementSecret: secrets.statementSecret, pseudonymSalt: secrets.pseudonymSecret };
  throw new JournalError(
    `${folder} holds journals of a market, but not its file \`secret\`: without it the heads over its statements cannot be made again; copy it there too`,
  );
}
