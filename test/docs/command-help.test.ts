import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import type { Cli } from '../../src/cli/cli.ts';
import { allCommands } from '../../src/main/all-commands.ts';

const documentOf = (name: string): string => readFileSync(join(import.meta.dirname, '../../docs', name), 'utf8');

/** The whole command line, opening nothing. */
function program(
  on: { readonly print?: (text: string) => void; readonly end?: (code: number, says?: string) => void } = {},
): Command {
  const cli = {
    actor: 'cli:test',
    out: {
      width: 80,
      isTerminal: false,
      print: (text: string) => on.print?.(text),
      note: (text: string) => on.print?.(text),
      ask: async () => '',
      askNewSecret: async () => '',
    },
    openLedger: async () => {
      throw new Opened();
    },
    end: (code: number, says?: string) => on.end?.(code, says),
  };
  return allCommands(cli as unknown as Cli);
}

class Opened extends Error {}

function below(command: Command): readonly Command[] {
  return command.commands.flatMap((one) => [one, ...below(one)]);
}

/** `audit verify`. */
function nameOf(command: Command): string {
  const { parent } = command;
  return parent === null || parent.parent === null ? command.name() : `${nameOf(parent)} ${command.name()}`;
}

const names = below(program()).map(nameOf);

async function helpOf(name: string): Promise<string> {
  const said: string[] = [];
  await program({ print: (text) => said.push(text) }).parseAsync(['node', 'leadsync', ...name.split(' '), '--help']);
  return said.join('\n');
}

/** The command lines under `Examples:` that begin with leadsync, without what a shell does around them. */
function examplesIn(help: string): readonly string[] {
  const [, text = ''] = help.split('Examples:\n');
  const lines = text
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line.startsWith('  '));
  return lines
    .map((line) => line.trim().replace(/^([A-Z_]+=\S+ )+/, ''))
    .filter((line) => line.startsWith('leadsync '))
    .map((line) => line.replace(/\s{2,}\S.*$/, '').replace(/ [|<>] .*$/, ''));
}

/** As a shell would take it apart. */
function wordsOf(line: string): readonly string[] {
  return [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) => double ?? single ?? bare ?? '',
  );
}

describe('the command line', () => {
  it('has every command of the design', () => {
    const designed = [
      'run',
      'import',
      'status',
      'report',
      'rows',
      'lead',
      'replay',
      'cancel',
      'file',
      'pause',
      'resume',
      'in-doubt',
      'resolve',
      'reconcile',
      'update',
      'breaker',
      'ack',
      'audit verify',
      'audit export',
      'erase',
      'recover',
      'partner list',
      'partner init',
      'partner check',
      'migrate',
      'doctor',
      'sandbox',
      'stop',
      'demo',
      'deliveries',
    ];
    expect(designed.filter((name) => !names.includes(name))).toEqual([]);
  });

  it.each(names)('explains %s within 80 columns, with examples', async (name) => {
    const help = await helpOf(name);
    expect(examplesIn(help).length).toBeGreaterThan(0);
    // Command lines are there to be copied, in one piece.
    const prose = help.split('\n').filter((line) => !/^ {2}(leadsync|curl|[A-Z_]+=)/.test(line));
    expect(prose.filter((line) => line.length > 80)).toEqual([]);
  });

  it.each(names)('understands the examples of %s, which are its own', async (name) => {
    for (const example of examplesIn(await helpOf(name))) {
      const [, ...words] = wordsOf(example);
      const ends: (string | number | undefined)[] = [];
      const parsed = program({ end: (...end) => ends.push(...end), print: (text) => ends.push(text) });
      const ran: string[] = [];
      for (const command of below(parsed)) command.action(() => void ran.push(nameOf(command)));
      if (words[0] === 'help') {
        expect(names).toContain(words.slice(1).join(' '));
        continue;
      }
      await parsed.parseAsync(['node', 'leadsync', ...words]);
      expect({ example, ends, ran: ran.length }).toEqual({ example, ends: [], ran: 1 });
    }
  });

  it('takes the examples of commands that open the ledger as they stand: nothing in them is refused', async () => {
    // These look at files, settings or servers before.
    const others =
      /^(run|import|partner|console-user|console-token|demo|sandbox|migrate|key|retention|doctor|stop|reconcile|recover|help)\b/;
    const examples = (await Promise.all(names.map(helpOf)))
      .flatMap(examplesIn)
      .map((example) => wordsOf(example).slice(1));
    for (const words of examples.filter(([first = '']) => !others.test(first))) {
      const ends: unknown[] = [];
      const run = program({ end: (...end) => ends.push(end) }).parseAsync(['node', 'leadsync', ...words]);
      // What is asked for on standard input is empty here.
      if (words.includes('-')) await run.catch(() => undefined);
      else await expect(run, words.join(' ')).rejects.toThrow(Opened);
      if (!words.includes('-')) expect(ends).toEqual([]);
    }
  });
});

describe('docs/commands.md', () => {
  it('says of every command how it can end', () => {
    const rows = documentOf('commands.md')
      .split('\n')
      .filter((line) => /^\| `[a-z]/.test(line));
    const listed = rows.map((line) => /^\| `([a-z -]+)`/.exec(line)?.[1] ?? '');
    const leaves = below(program())
      .filter((command) => command.commands.length === 0)
      .map(nameOf);
    expect(listed.toSorted()).toEqual(leaves.toSorted());
    expect(rows.filter((line) => line.split('|').length !== 5)).toEqual([]);
  });
});
