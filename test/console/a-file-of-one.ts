import { randomBytes } from 'node:crypto';
import type { Ports } from '../../src/app/ports.ts';
import type { LedgerFile, NewFile, NewRow } from '../../src/app/ports/ledger.ts';

/** A leads file of acme that is read to its end, with one row that says this. */
export async function aFileOfOne(
  { ledger, vault }: Pick<Ports, 'ledger' | 'vault'>,
  said: { readonly fields: Readonly<Record<string, string>>; readonly partnerLeadId: string },
  of: { readonly row: Pick<NewRow, 'code' | 'problems' | 'state'> & Partial<NewRow>; readonly name?: string } & Pick<
    Partial<NewFile>,
    'night'
  >,
): Promise<LedgerFile> {
  const { row, name = 'later.csv', ...more } = of;
  const key = await vault.keyFor('acme');
  const { file } = await ledger.acceptFile({
    partner: 'acme',
    kind: 'leads',
    keyId: key.id,
    name: key.seal(name),
    sha256: randomBytes(32).toString('hex'),
    bytes: 10,
    configVersion: 'test',
    dueAt: null,
    again: false,
    actor: 'test',
    ...more,
  });
  const reading = await ledger.startReading(file.id, 'test');
  if (reading === null) throw new Error(`file ${file.id} can not be read`);
  const whole: NewRow = {
    rowNumber: 2,
    warnings: [],
    keyId: key.id,
    payload: key.seal(JSON.stringify(said)),
    identity: null,
    content: null,
    partnerLeadId: null,
    orderKey: null,
    isFinal: false,
    leadId: null,
    ...row,
  };
  await ledger.insertRows(reading, [whole], 2, 'test');
  await ledger.finishReading(file.id, 'test');
  return file;
}
