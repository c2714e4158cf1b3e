import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createOutput } from '../../src/cli/output.ts';
import { runCommand } from './a-cli.ts';

describe('the command line', () => {
  it.each([
    [['stauts'], "error: unknown command 'stauts' (Did you mean status?)"],
    [['rows', '--sate', 'failed'], "error: unknown option '--sate' (Did you mean --state?)"],
    [['rows', '--limit'], "error: option '--limit <n>' argument missing"],
    [['resolve'], "error: missing required argument 'row'"],
    [['rows', '--limit', 'all'], 'error: --limit: expected a whole number from 1 to 9999999; got "all"'],
    [
      ['resolve', '7', '--reason', 'x'],
      'error: expected one of --lead-id ID, --send-again, --no-id, --abandon, --pushed, --cancel; got none',
    ],
    [
      ['resolve', '7', '--no-id', '--abandon', '--reason', 'x'],
      'error: expected one of --lead-id ID, --send-again, --no-id, --abandon, --pushed, --cancel; got 2',
    ],
  ])('ends with exit 2 and one line for %j, before anything is opened', async (args, line) => {
    const { code, stdout, stderr } = await runCommand(args);
    expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: '', stderr: line });
  });

  it.each(['12345678Z', 'X1234567L', '612 345 678', '+34612345678', 'ana@example.es'])(
    'refuses %s among the arguments and names --nif -',
    async (key) => {
      for (const command of [
        ['lead', key],
        ['update', key, '--estado', '7'],
      ]) {
        const { code, stderr } = await runCommand(command);
        expect(code).toBe(2);
        expect(stderr).toContain('use --nif -');
        expect(stderr).not.toContain(key);
      }
    },
  );

  it('does not repeat a NIF that was given to --nif', async () => {
    const { code, stderr } = await runCommand(['lead', '--nif', '12345678Z']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error: USAGE_PERSONAL_DATA: argument 3 /);
    expect(stderr).not.toContain('12345678Z');
  });

  it.each([
    ['a word of a reason', ['pause', 'acme', '--reason', 'la clienta 12345678-z lo pide'], 'a NIF'],
    ['an option with its value', ['rows', '--code=X1234567L'], 'a NIF'],
    [
      'a number with blanks inside a text',
      ['resolve', '7', '--no-id', '--reason', 'llamar al 612 34 56 78 hoy'],
      'phone',
    ],
    ['a number of another country', ['ack', 'x', '--reason', 'tel:+33612345678'], 'a phone number'],
    ['an address inside a text', ['cancel', '--partner', 'acme', '--reason', 'escribe <ana@example.es>'], 'e-mail'],
    ['the name of a file', ['file', 'cancel', '/home/a@b/in/ana_12345678Z.csv'], 'a NIF'],
    ['what no command knows', ['12345678Z'], 'a NIF'],
    ['what no option knows', ['rows', '--12345678Z'], 'a NIF'],
  ])('takes no personal value in %s, of any command', async (_name, args, kind) => {
    const { code, stdout, stderr } = await runCommand(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^error: USAGE_PERSONAL_DATA: argument \d+ holds what looks like /);
    expect(stderr).toContain(kind);
    expect(stderr).not.toMatch(/12345678|X1234567|612|ana/i);
  });

  it.each([
    ['/home/ana@corp.example/in/leads-20261128.csv'],
    ['--file=/home/ana@corp.example/list.json'],
    ['ls-42'],
    ['2026-11-28T09:30:00Z'],
    ['leads_20261128093000.csv'],
    ['0'.repeat(64)],
    ['1764321000000'],
  ])('takes %s for what it is', async (argument) => {
    expect((await runCommand(['unknown', argument])).stderr).toContain('unknown command');
  });

  it('prints version and help on standard output with exit 0', async () => {
    const version = await runCommand(['--version']);
    expect([version.code, version.stdout]).toEqual([0, expect.stringMatching(/^\d+\.\d+\.\d+$/)]);
    const help = await runCommand(['--help']);
    expect([help.code, help.stderr]).toEqual([0, '']);
    expect(help.stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  it.each(['status', 'report', 'ack', 'in-doubt', 'rows', 'lead', 'file', 'replay', 'cancel', 'resolve', 'update'])(
    'explains %s with examples, within 80 columns',
    async (command) => {
      const { stdout } = await runCommand([command, '--help']);
      expect(stdout).toMatch(/Examples:\n {2}leadsync /);
      expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
    },
  );

  it('shows the commands and exit 2 when none is given', async () => {
    const { code, stderr } = await runCommand([]);
    expect(code).toBe(2);
    expect(stderr).toContain('in-doubt');
  });
});

describe('createOutput', () => {
  it('answers what is asked from standard input, and nothing when it is empty', async () => {
    const stdin = new PassThrough();
    const out = createOutput(new PassThrough(), new PassThrough(), stdin);
    stdin.end(' 12345678Z \n');
    expect(await out.ask('NIF:')).toBe('12345678Z');
    const empty = createOutput(new PassThrough(), new PassThrough(), new PassThrough().end());
    expect(await empty.ask('NIF:')).toBe('');
  });

  it('is 80 columns wide where there is no terminal', () => {
    const out = createOutput(new PassThrough(), new PassThrough(), new PassThrough());
    expect([out.width, out.isTerminal]).toEqual([80, false]);
  });

  it('is quiet about a reader that has gone', () => {
    const stdout = new PassThrough();
    createOutput(stdout, new PassThrough(), new PassThrough());
    expect(() => stdout.emit('error', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))).not.toThrow();
    expect(() => stdout.emit('error', new Error('disk full'))).toThrow('disk full');
  });
});
