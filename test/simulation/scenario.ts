import type { NewRow } from '../../src/app/ports/ledger.ts';
import { macContent, macIdentity, macPartnerLeadId } from '../../src/app/keyed-hashes.ts';
import type { FileKind } from '../../src/domain/file-life.ts';
import { plainVault } from './plain-vault.ts';
import type { Surroundings } from './service.ts';

/** How many rows were handed to the ledger: none of them may be lost. */
export interface Delivered {
  rows: number;
  files: number;
}

const lead = { name: 'Persona Inventada', phone: '600000001', dni: '99000001S', motivoLlamada: '1' };

/**
 * Partners drop files while everything else happens: leads, the same leads again, corrections of them, and updates that
 * come before or after their lead.
 */
export function deliverFiles(around: Surroundings, forMs: number): Delivered {
  const { world } = around;
  const { random } = world;
  const delivered: Delivered = { rows: 0, files: 0 };
  const people = random.whole(2, 5);
  const files = random.whole(2, 4);
  for (let n = 0; n < files; n += 1) {
    const kind: FileKind = n > 0 && random.chance(0.5) ? 'updates' : 'leads';
    const partner = random.pick(around.partners).id;
    const rows = Array.from({ length: random.whole(1, 4) }, (_, index) =>
      kind === 'leads'
        ? leadRow(partner, index + 2, random.whole(1, people), random.whole(1, 2))
        : updateRow(partner, index + 2, random.whole(1, people), random.whole(1, 9), random.whole(1, 28)),
    );
    delivered.files += 1;
    delivered.rows += rows.length;
    world.later(n === 0 ? 0 : random.between(0, forMs), () => read(around, partner, kind, rows));
  }
  return delivered;
}

/** Reading is not what is tried here: it takes its time and does not fail. */
function read({ ledger, world }: Surroundings, partner: string, kind: FileKind, rows: readonly NewRow[]): void {
  const id = ledger.files.addFile({ partner, kind, configVersion: 'test' });
  world.later(world.random.between(0, 3_000), () => {
    ledger.files.startReading(id);
    void ledger.insertRows(id, rows, rows.length + 1, 'intake').then(() => ledger.files.finishReading(id));
  });
}

const blank = {
  state: 'received' as const,
  code: null,
  problems: [],
  warnings: [],
  keyId: 1,
  identity: null,
  content: null,
  partnerLeadId: null,
  orderKey: null,
  leadId: null,
  isFinal: false,
};

function leadRow(partner: string, rowNumber: number, person: number, wording: number): NewRow {
  const partnerLeadId = `${partner}-${person}`;
  return {
    ...blank,
    rowNumber,
    payload: seal({ fields: { ...lead, acceptTerms: 'true' }, partnerLeadId }),
    identity: macIdentity(plainVault, partner, partnerLeadId),
    content: macContent(plainVault, `${partnerLeadId} ${wording}`),
    partnerLeadId: macPartnerLeadId(plainVault, partner, partnerLeadId),
  };
}

function updateRow(partner: string, rowNumber: number, person: number, estado: number, day: number): NewRow {
  const partnerLeadId = `${partner}-${person}`;
  const update = { leadId: null, partnerLeadId, estado: String(estado), observacion: `Estado ${estado}` };
  return {
    ...blank,
    rowNumber,
    payload: seal(update),
    content: macContent(plainVault, JSON.stringify(update)),
    partnerLeadId: macPartnerLeadId(plainVault, partner, partnerLeadId),
    // One partner dates its updates, and not in the order in which they come.
    orderKey: partner === 'dated' ? `2026-11-${String(day).padStart(2, '0')}T00:00:00.000` : null,
  };
}

function seal(payload: object): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(payload));
}
