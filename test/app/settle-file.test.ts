import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { registerLead } from '../../src/app/register-lead.ts';
import { settleFile, type SettlePorts } from '../../src/app/settle-file.ts';
import type { Partner } from '../../src/domain/partner.ts';
import { foldersUnderTest, type FoldersUnderTest } from '../adapters/files/folders-under-test.ts';
import { startFakeLeadsApi, type FakeLeadsApi } from '../support/fake-leads-api.ts';
import { aWorkbench, delivery, type Workbench } from './a-workbench.ts';

let api: FakeLeadsApi;
let bench: Workbench;
let the: FoldersUnderTest;

beforeAll(async () => {
  api = await startFakeLeadsApi();
  bench = await aWorkbench('settle', api.url);
});
afterAll(async () => {
  await bench.close();
  await api.close();
});
beforeEach(async () => {
  the = await foldersUnderTest();
  return () => the.remove();
});

function ports(results: Partial<Partner['results']> = {}): SettlePorts {
  const partner = { ...bench.partner, results: { ...bench.partner.results, ...results } };
  return {
    ...bench.ports,
    folders: the.folders,
    partners: { get: () => partner, list: () => [partner], isBroken: () => false },
    settings: { ...bench.ports.settings, timeScale: 1 },
  };
}

/** A file of one lead, on its way; the file's id and the row's. */
async function oneLead(fields: Readonly<Record<string, string>> = {}): Promise<{ fileId: string; rowId: string }> {
  const rowId = await bench.leadRow(fields);
  const row = await bench.ports.ledger.row(rowId);
  return { fileId: row?.fileId ?? '', rowId };
}

const register = (rowId: string) => registerLead(bench.ports, { rowId, version: 0 }, delivery(`r${rowId}`));

async function outbox(): Promise<readonly string[]> {
  return (await readdir(join(the.root, 'outbox', 'acme')).catch(() => [])).toSorted((a, b) => a.localeCompare(b));
}

const bytesOf = async (ending: string): Promise<Buffer> => {
  const name = (await outbox()).find((one) => one.endsWith(ending));
  return readFile(join(the.root, 'outbox', 'acme', name ?? `nothing ends in ${ending}`));
};

describe('while a file is worked on', () => {
  it('its partner is told how far it has come, at most so often, and then how it ended', async () => {
    const { fileId, rowId } = await oneLead();
    const patient = ports({ everyMs: 60_000 });
    expect(await settleFile(patient, fileId)).toEqual({ kind: 'done', outcome: 'not_yet' });
    expect(await outbox()).toEqual([]);

    const eager = ports({ everyMs: 0 });
    expect(await settleFile(eager, fileId)).toEqual({ kind: 'done', outcome: 'interim' });
    expect((await bytesOf('.results.csv')).toString()).toMatch(/^2;[^;]+;pending;;/m);
    const manifest = JSON.parse((await bytesOf('.manifest.json')).toString());
    expect(manifest).toMatchObject({ version: 1, complete: false, pending: 1, counts: { received: 1 } });
    // The one just issued is young, and nothing has moved since.
    expect(await settleFile(patient, fileId)).toMatchObject({ outcome: 'not_yet' });
    expect((await bench.ports.ledger.filesToReport(0)).map(({ id }) => id)).not.toContain(fileId);

    await register(rowId);
    expect(await settleFile(patient, fileId)).toMatchObject({ outcome: 'settled' });
    expect((await bytesOf('.results.csv')).toString()).toMatch(/^2;[^;]+;registered;F\d+;/m);
    expect(JSON.parse((await bytesOf('.manifest.json')).toString())).toMatchObject({ complete: true, pending: 0 });
    // The interim one has left nothing behind.
    expect(await outbox()).toHaveLength(2);
  });

  it('is among those to report once it is old enough', async () => {
    const { fileId } = await oneLead();
    const isThere = async (ms: number): Promise<boolean> =>
      (await bench.ports.ledger.filesToReport(ms)).some(({ id }) => id === fileId);
    await sql`update file set due_at = due_at - interval '1 hour' where id = ${fileId}`.execute(bench.db);
    // Nothing of it has moved: there is nothing to tell.
    expect(await isThere(1_800_000)).toBe(false);
    const [row] = await bench.ports.ledger.rows({ fileId, limit: 1 });
    await bench.ports.ledger.move({
      rowId: row?.id ?? '',
      from: ['received'],
      fence: 0,
      to: 'checked',
      audit: { action: 'row.tested', actor: 'test' },
    });
    expect(await isThere(1_800_000)).toBe(true);
    expect(await isThere(7_200_000)).toBe(false);
  });

  it('keeps the result that was issued before, when it is at work again', async () => {
    const { fileId, rowId } = await oneLead();
    const { ledger } = bench.ports;
    const move = async (to: 'failed' | 'received' | 'cancelled'): Promise<void> => {
      const row = await ledger.row(rowId);
      if (row === null) throw new Error('gone');
      const { fence, state } = row;
      const audit = { action: 'row.tested', actor: 'test' };
      await ledger.move({ rowId, from: [state], fence, to, audit, set: { code: to === 'failed' ? 'API_KO' : null } });
    };
    await move('failed');
    const eager = ports({ everyMs: 0 });
    await settleFile(eager, fileId);
    const first = await bytesOf('.results.csv');
    await move('received');
    expect(await settleFile(eager, fileId)).toMatchObject({ outcome: 'interim' });
    expect(await bytesOf('.results.v1.csv')).toEqual(first);
    await move('cancelled');
    expect(await settleFile(eager, fileId)).toMatchObject({ outcome: 'settled' });
    expect(await bytesOf('.results.v1.csv')).toEqual(first);
    expect(JSON.parse((await bytesOf('.manifest.json')).toString())).toMatchObject({ version: 2, complete: true });
  });

  it('shows what became of the first rows of a held file', async () => {
    const { fileId } = await oneLead();
    await bench.ports.ledger.holdFile(fileId, { actor: 'cli:ana', reason: 'wait' });
    expect(await settleFile(ports({ everyMs: 0 }), fileId)).toMatchObject({ outcome: 'interim' });
    expect((await bench.ports.ledger.file(fileId))?.state).toBe('held');
  });
});

describe('a result file', () => {
  async function resultIn(results: Partial<Partner['results']>): Promise<Buffer> {
    const { fileId, rowId } = await oneLead();
    const row = await bench.ports.ledger.row(rowId);
    await bench.ports.ledger.move({
      rowId,
      from: ['received'],
      fence: row?.fence ?? 0,
      to: 'rejected',
      set: { code: 'ROW_CONSENT_REFUSED', problems: [{ code: 'ROW_CONSENT_REFUSED', column: 'acceptTerms' }] },
      audit: { action: 'row.tested', actor: 'test' },
    });
    await settleFile(ports(results), fileId);
    const bytes = await bytesOf('.results.csv');
    await the.remove();
    the = await foldersUnderTest();
    return bytes;
  }

  it.each([
    ['utf-8', 'utf-8', true],
    ['utf-8-no-bom', 'utf-8', false],
    ['windows-1252', 'windows-1252', false],
  ] as const)('is written in %s if asked', async (encoding, label, hasMark) => {
    const bytes = await resultIn({ encoding });
    expect(bytes.subarray(0, 3).toString('hex') === 'efbbbf').toBe(hasMark);
    const text = new TextDecoder(label, { fatal: true }).decode(bytes);
    expect(text).toContain('política de privacidad');
    expect(text.split('\r\n')[0]).toContain('row;partnerLeadId;outcome');
  });

  it('has the delimiter that is asked for', async () => {
    const text = (await resultIn({ delimiter: '\t' })).toString();
    expect(text.split('\r\n')[0]).toContain('row\tpartnerLeadId\toutcome');
  });

  it('names its bytes in the manifest', async () => {
    const { fileId, rowId } = await oneLead();
    await register(rowId);
    await settleFile(ports({ encoding: 'windows-1252' }), fileId);
    const bytes = await bytesOf('.results.csv');
    const { result } = JSON.parse((await bytesOf('.manifest.json')).toString());
    const digest = await crypto.subtle.digest('SHA-256', new Uint8Array(bytes));
    expect(result).toMatchObject({ bytes: bytes.length, sha256: Buffer.from(digest).toString('hex') });
  });
});
