import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLead } from '../../src/app/row-payload.ts';
import { anErasureWorld, type ErasureWorld } from './an-erasure.ts';

const header = 'ID;NIF;Nombre;Teléfono;Correo;Código postal;Acepta privacidad';
const ana = 'CRM-ANA-1;12.345.678-Z;Ana Inventada Peñíscola;+34 612 345 678;Ana.Inventada@example.es;28013;sí';
/** Everything of her that stands anywhere, as it is written there. */
const values = [
  '12345678',
  '12.345.678-Z',
  'Ana Inventada',
  'Peñíscola',
  '612345678',
  '612 345 678',
  'ana.inventada@example.es',
  'Ana.Inventada@example.es',
  'CRM-ANA',
];
const luis = 'CRM-LUIS;00000001R;Luis Inventado;600000001;luis@example.es;28013;sí';

let the: ErasureWorld;
beforeEach(async () => {
  the = await anErasureWorld('erase person', { withoutNif: 'send' });
});
afterEach(() => the.close());

describe('erasing a person', () => {
  it('leaves not one of their values in the ledger, its raw bytes, results, archive, rejected and claimed files', async () => {
    const first = await the.read('monday.csv', [
      header,
      luis,
      ana,
      'CRM-ANA-2;;Ana Inventada Peñíscola;612345678;;;sí',
      'CRM-OTHER;00000002W;Hijo Inventado;612345678;;;sí',
    ]);
    await the.move(await the.rowAt(first, 3), ['checked', 'submitting', 'registered'], {
      leadId: 'L-ANA',
      message: (await the.ports.vault.keyFor('acme')).seal('Alta de 12345678Z'),
    });
    await the.move(await the.rowAt(first, 2), ['rejected'], { code: 'API_REJECTED' });
    await the.move(await the.rowAt(first, 4), ['failed'], { code: 'API_KO' });
    await the.move(await the.rowAt(first, 5), ['rejected'], { code: 'API_REJECTED' });
    const result = await the.settle(first);
    await the.move(await the.rowAt(first, 4), ['cancelled'], { code: 'ROW_CANCELLED' });
    await the.settle(first);
    const updates = await the.read(
      'states.csv',
      ['ID;estado;observacion', 'CRM-ANA-1;7;Ana Inventada no contesta', 'CRM-LUIS;7;Luis no contesta'],
      'updates',
    );
    const own = await the.read('Ana Inventada Peñíscola 12345678Z.csv', [header, ana.replace('CRM-ANA-1', 'CRM-ANA-9')]);
    expect((await the.findTraces(values)).length).toBeGreaterThan(20);
    const archived = join(the.home, 'archive/acme', `${first}.csv`);
    const before = await readFile(archived, 'utf8');

    await the.erase('12345678z');

    expect(await the.findTraces(values)).toEqual(['612345678 in payload of row 4', '612345678 in /archive/acme/1.csv']);
    const erased = await the.rowAt(first, 3);
    expect(erased).toMatchObject({ state: 'registered', leadId: 'L-ANA', erasure: '1' });
    expect(erased.identity).not.toBeNull();
    expect(await the.rowAt(updates, 2)).toMatchObject({ state: 'cancelled', code: 'ROW_ERASED' });
    expect(await the.rowAt(own, 2)).toMatchObject({ state: 'cancelled', code: 'ROW_ERASED' });
    // Her neighbours are as they were, byte for byte.
    const after = await readFile(archived, 'utf8');
    expect(after.length).toBe(before.length);
    expect(after.split('\r\n').map((line) => line.trim())).toEqual([header, luis, '', '', before.split('\r\n')[4], '']);
    expect((await openLead(the.ports.vault, await the.rowAt(first, 2))).fields).toMatchObject({ name: 'Luis Inventado' });
    const lines = (await readFile(result, 'utf8')).split('\r\n');
    expect(lines[1]).toContain('CRM-LUIS');
    expect(lines[2]).toMatch(/^3;;registered;L-ANA;;;;;ROW_ERASED;;Los datos de esta fila se han borrado\.;;;/);
    expect((await readdir(join(the.home, 'outbox/acme'))).toSorted()).toEqual([
      'monday.csv.1.manifest.json',
      'monday.csv.1.results.csv',
      'monday.csv.1.results.v1.csv',
      'monday.csv.1.results.v2.csv',
    ]);
  });
});
