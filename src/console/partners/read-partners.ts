import type { Halt, Pause } from '../../app/ports/account-ledger.ts';
import type { InboxView, LedgerFile } from '../../app/ports/ledger.ts';
import { readStanding, type PartnerDue } from '../../app/read-expected.ts';
import { defaultAccount } from '../../domain/account.ts';
import type { FileProfile } from '../../domain/drift.ts';
import type { Partner } from '../../domain/partner.ts';
import type { ConsolePorts } from '../ports.ts';

/** A partner as it stands. */
export interface PartnerStanding {
  readonly id: string;
  /** The config in force. Null: none. */
  readonly config: Partner | null;
  /** There is a config and it has never been valid. */
  readonly isBroken: boolean;
  /** When its next run begins. Null: it works on arrival. */
  readonly nextRunAt: Date | null;
  /** Files that wait for it. */
  readonly waiting: number;
  readonly pause: Pause | null;
  readonly inbox: InboxView | null;
  /** What was expected last. */
  readonly dues: readonly PartnerDue[];
  /** Among the newest files of all partners. Null: none of them is its. */
  readonly newest: LedgerFile | null;
  /** Held, among those. */
  readonly held: readonly LedgerFile[];
}

export interface PartnersListed {
  readonly partners: readonly PartnerStanding[];
  /** Of the API account: they stop everybody. */
  readonly halts: readonly Halt[];
  readonly pauseOfAll: Pause | null;
}

/** Files are looked for among so many of the newest. */
const filesLookedAt = 200;

export async function readPartners(ports: ConsolePorts): Promise<PartnersListed> {
  const { ledger, nights, partners, schedules } = ports;
  const [counts, inboxes, stops, watch, dues, files] = await Promise.all([
    ledger.counts(),
    ledger.inboxes(),
    ledger.stops(defaultAccount),
    nights.watch(),
    readStanding(ports),
    ledger.newestFiles(filesLookedAt),
  ]);
  const ids = new Set([
    ...partners.list().map(({ id }) => id),
    ...counts.map(({ partner }) => partner),
    ...inboxes.map(({ partner }) => partner),
  ]);
  return {
    halts: stops.halts,
    pauseOfAll: stops.pauses.find(({ partner }) => partner === null) ?? null,
    partners: [...ids].toSorted().map((id) => {
      const config = partners.get(id);
      const own = files.filter(({ partner }) => partner === id);
      return {
        id,
        config,
        isBroken: partners.isBroken(id),
        nextRunAt: config === null || config.schedule === null ? null : schedules.next(config.schedule, watch.now),
        waiting: watch.waiting.get(id) ?? 0,
        pause: stops.pauses.find(({ partner }) => partner === id) ?? null,
        inbox: inboxes.find(({ partner }) => partner === id) ?? null,
        dues: dues.filter(({ partner }) => partner === id),
        newest: own[0] ?? null,
        held: own.filter(({ state }) => state === 'held'),
      };
    }),
  };
}

/** And what its files were like of late. */
export interface PartnerLife extends PartnerStanding {
  readonly halts: readonly Halt[];
  readonly pauseOfAll: Pause | null;
  /** Of the accepted files before the next one, newest first. */
  readonly profiles: readonly FileProfile[];
}

const profilesShown = 10;
/** Behind every file there is. */
const nextFile = '9223372036854775807';

/** Null: nobody knows of it. */
export async function readPartner(ports: ConsolePorts, id: string): Promise<PartnerLife | null> {
  const { partners, ...account } = await readPartners(ports);
  const standing = partners.find((one) => one.id === id);
  if (standing === undefined) return null;
  const kind = standing.newest?.kind ?? 'leads';
  const profiles = await ports.ledger.profilesBefore({ id: nextFile, partner: id, kind }, profilesShown);
  return { ...standing, ...account, profiles };
}
