import { createRequestFields } from '../src/adapters/leads-api/request-fields.ts';
import { contracts } from '../src/contract/index.ts';
import type { LedgerDatabase } from '../src/adapters/ledger/database.ts';
import type { ConsolePorts } from '../src/console/ports.ts';
import { weekdays } from '../src/domain/local-time.ts';
import type { Partner } from '../src/domain/partner.ts';
import { consolePorts } from '../src/main/open-console.ts';
import { aPartner } from '../test/domain/a-partner.ts';

export const timeZone = 'Europe/Madrid';

/** Each expects a file a night and its results by eight, so that the overview has everything to tell. */
export function nightlyPartners(over: Partial<Partner> = {}): readonly Partner[] {
  return ['acme', 'brisa', 'norte', 'sur', 'rara'].map((id) => {
    const partner = aPartner({ id });
    return {
      ...partner,
      expect: [{ kind: 'leads', files: 1, by: '06:00', from: '12:00', days: [...weekdays] }],
      results: { ...partner.results, by: '08:00' },
      ...over,
    };
  });
}

type Opened = Parameters<typeof consolePorts>[1];

/** Of a console that shows what a ledger has: without folders, queue and uploads, unless `more` brings some. */
export function portsOfLedger(
  db: LedgerDatabase,
  vault: Opened['vault'],
  partners: readonly Partner[],
  more: Partial<Opened> = {},
): ConsolePorts {
  return consolePorts(db, {
    vault,
    ownFolders: undefined as never,
    auditTrail: undefined as never,
    board: null,
    machines: { find: () => null },
    records: undefined as never,
    requests: { fields: createRequestFields({ contract: contracts['1.2.5'] }), endpoints: null },
    uploads: undefined as never,
    partners: {
      get: (id) => partners.find((partner) => partner.id === id) ?? null,
      list: () => partners,
      isBroken: () => false,
    },
    settings: { ratePerSecond: 10, timeScale: 1, timeZone } as never,
    log: { event: (name, fields) => console.log(name, fields) },
    ...more,
  });
}
