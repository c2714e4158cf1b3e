import { openDatabase } from '../../src/adapters/ledger/database.ts';
import { createRetentionLedger } from '../../src/adapters/ledger/retention.ts';
import { retireRows } from '../../src/app/retire-rows.ts';
import { aPartner } from '../domain/a-partner.ts';

/** A process that takes what is past its time: `retirer.ts DATABASE-URL`. Says a line for every window. */
const [url = ''] = process.argv.slice(2);
const { db, close } = openDatabase(url, { max: 1 });
const acme = aPartner();
const partners = { get: (id: string) => (id === acme.id ? acme : null), list: () => [acme], isBroken: () => false };
await retireRows({ retention: createRetentionLedger(db), partners }, 'retirer', {
  goesOn: () => true,
  done: (rows) => process.stdout.write(`${rows}\n`),
});
await close();
