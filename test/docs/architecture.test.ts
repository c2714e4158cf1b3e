import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileStates } from '../../src/domain/file-life.ts';
import { leadRowMoves } from '../../src/domain/lead-row.ts';
import { statusUpdateMoves } from '../../src/domain/status-update.ts';

const checkout = join(import.meta.dirname, '../..');
const document = readFileSync(join(checkout, 'docs/ARCHITECTURE.md'), 'utf8');

/** In the checkout and no part of the project, as are the folders of editors and tools. */
const notOurs = /^(node_modules|data|\.(?!ci$).+)$/;

describe('docs/ARCHITECTURE.md', () => {
  it('shows the folders that there are: all of src/, the others at the top level', () => {
    const top = foldersIn('').filter((folder) => !notOurs.test(folder));
    expect(foldersOfTree()).toEqual([...top, ...foldersBelow('src')].toSorted());
  });

  it('lists the states of a lead row with every legal move', () => {
    expect(movesIn('A lead row')).toEqual(leadRowMoves);
  });

  it('lists the states of a status update with every legal move', () => {
    expect(movesIn('A status update')).toEqual(statusUpdateMoves);
  });

  it('lists the states of a file', () => {
    expect(tableIn('A file').map(([state]) => state)).toEqual(fileStates);
  });

  it('draws each state in the diagram beside its table', () => {
    const machines = {
      'A lead row': Object.keys(leadRowMoves),
      'A status update': Object.keys(statusUpdateMoves),
      'A file': fileStates,
    };
    for (const [heading, states] of Object.entries(machines)) {
      const drawn = new Set(codeBlockIn(heading).match(/[a-z_]+/g));
      expect(states.filter((state) => !drawn.has(state))).toEqual([]);
    }
  });
});

function section(heading: string): string {
  const text = document.split(`\n## ${heading}\n`)[1];
  if (text === undefined) throw new Error(`no section "${heading}"`);
  return text.split('\n## ')[0] ?? '';
}

function codeBlockIn(heading: string): string {
  return section(heading).split('```')[1] ?? '';
}

/** The cells of the section's table, without its head. */
function tableIn(heading: string): string[][] {
  const lines = section(heading)
    .split('\n')
    .filter((line) => line.startsWith('| '));
  return lines.slice(2).map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
}

function movesIn(heading: string): Record<string, string[]> {
  return Object.fromEntries(
    tableIn(heading).map(([state = '', moves = '']) => [state, moves === '' ? [] : moves.split(', ')]),
  );
}

/** `  domain/   what is true`, two spaces a level, as paths. */
function foldersOfTree(): string[] {
  const path: string[] = [];
  const folders: string[] = [];
  for (const line of codeBlockIn('The tree').split('\n')) {
    const [, indent, name] = /^( *)([\w.-]+)\/( {2}|$)/.exec(line) ?? [];
    if (indent === undefined || name === undefined) continue;
    path.splice(indent.length / 2, Infinity, name);
    folders.push(path.join('/'));
  }
  return folders.toSorted();
}

function foldersIn(folder: string): string[] {
  const entries = readdirSync(join(checkout, folder), { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => (folder === '' ? name : `${folder}/${name}`));
}

function foldersBelow(folder: string): string[] {
  return foldersIn(folder).flatMap((below) => [below, ...foldersBelow(below)]);
}
