import { describe, expect, it } from 'vitest';
import { formatTable } from '../../src/cli/table.ts';
import { fitText, textWidth, wrapText } from '../../src/cli/text-width.ts';

const columns = [{ header: 'row', align: 'right' }, { header: 'name', canShrink: true }, { header: 'state' }] as const;

describe('formatTable', () => {
  it('lines columns up and leaves no trailing white space', () => {
    expect(
      formatTable(
        columns,
        [
          ['7', 'acme', 'registered'],
          ['1042', 'a', ''],
        ],
        80,
      ),
    ).toBe([' row  name  state', '   7  acme  registered', '1042  a'].join('\n'));
  });

  it('cuts the columns that may shrink, with a …, until it fits', () => {
    const table = formatTable(columns, [['7', 'x'.repeat(100), 'registered']], 40);
    expect(table.split('\n').every((line) => textWidth(line) <= 40)).toBe(true);
    expect(table).toContain('x…  registered');
  });

  it('shows line breaks and escape sequences of a cell as spaces', () => {
    expect(formatTable([{ header: 'name' }], [['a\u001b[31mb\nc']], 80)).toBe('name\na [31mb c');
  });

  it('counts letters with accents as one column, in either normal form', () => {
    const table = formatTable(
      [{ header: 'name' }, { header: 'n' }],
      [
        ['Jose\u0301', '1'],
        ['Maria', '2'],
      ],
      80,
    );
    expect(table).toBe('name   n\nJosé   1\nMaria  2');
  });
});

describe('fitText and wrapText', () => {
  it('never cuts a letter in two', () => {
    expect(fitText('日本語', 4)).toBe('日…');
    expect(fitText('abc', 3)).toBe('abc');
  });

  it('breaks between words and keeps a long word whole', () => {
    expect(wrapText('one two three', 8, '  ')).toBe('  one\n  two\n  three');
    expect(wrapText('x'.repeat(20), 8)).toBe('x'.repeat(20));
  });
});
