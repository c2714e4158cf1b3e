import { describe, expect, it } from 'vitest';
import { createLog } from '../../../src/adapters/log/pino-log.ts';
import { wordings } from '../../../src/adapters/log/wording.ts';
import type { LogEvent, LogEvents } from '../../../src/app/ports/log.ts';

function logged(level = 'trace') {
  const lines: string[] = [];
  const log = createLog({ level, destination: { write: (line) => lines.push(line) } });
  return { log, lines };
}

const rowMoved = { rowId: '42', from: 'checked', to: 'submitting', code: null };

describe('the log', () => {
  it('writes an event as one JSON line with its declared fields', () => {
    const { log, lines } = logged();
    log.event('rowMoved', rowMoved);
    expect(lines).toHaveLength(1);
    const { pid, time, ...rest } = JSON.parse(lines[0] ?? '') as Record<string, unknown>;
    expect([pid, typeof time]).toEqual([process.pid, 'string']);
    expect(rest).toEqual({ level: 'debug', event: 'rowMoved', msg: 'row moved', ...rowMoved });
  });

  it('writes nothing under its level', () => {
    const { log, lines } = logged('info');
    log.event('rowMoved', rowMoved);
    log.event('orphansFound', { rows: 3 });
    expect(lines).toHaveLength(1);
  });

  it('has no way in for a field that is not declared', () => {
    const { log, lines } = logged();
    const person = { dni: '12345678Z', name: 'Ana Ruiz', phone: '612345678', err: new Error('ana@example.test') };
    for (const event of Object.keys(wordings) as LogEvent[]) {
      log.event(event, { ...person, nested: { person } } as unknown as LogEvents[LogEvent]);
    }
    expect(lines).toHaveLength(Object.keys(wordings).length);
    expect(lines.join('')).not.toMatch(/12345678Z|Ana|612345678|example/);
  });

  it('looks into no object that stands in a declared field', () => {
    const { log, lines } = logged();
    const codes: unknown[] = [new Error('Ana Ruiz'), { name: 'Ana Ruiz' }, ['Ana Ruiz'], () => 'Ana Ruiz'];
    for (const code of codes) log.event('ledgerUnreachable', { code } as unknown as LogEvents['ledgerUnreachable']);
    expect(lines.join('')).not.toContain('Ana');
    expect(lines).toHaveLength(codes.length);
  });

  it('blots out a NIF or an e-mail in a text', () => {
    const { log, lines } = logged();
    for (const code of ['no 12345678Z here', 'X1234567L', 'B64717838', 'b-6471783-8x', 'to ana@example.test']) {
      log.event('queueUnreachable', { code });
    }
    expect(lines.map((line) => (JSON.parse(line) as { code: string }).code)).toEqual([
      'no [NIF] here',
      '[NIF]',
      '[NIF]',
      expect.any(String),
      'to [e-mail]',
    ]);
  });

  it('leaves ids, codes, places and durations as they are', () => {
    const { log, lines } = logged();
    const ids = {
      instance: 'worker-1.example:4711',
      roles: 'intake,worker',
      queue: 'Redis at 127.0.0.1:6379',
      ledger: '/a/b',
    };
    log.event('serviceStarted', ids);
    const file = { fileId: '01234567-89ab-7cde-8f01-23456789abcd', partner: 'acme', rows: 123_456_789_012 };
    log.event('fileRead', file);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject(ids);
    expect(JSON.parse(lines[1] ?? '')).toMatchObject(file);
  });
});
