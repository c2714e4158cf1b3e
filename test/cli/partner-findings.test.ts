import { describe, expect, it } from 'vitest';
import type { SurveyedFile } from '../../src/app/check-partner-file.ts';
import { formatFileCheck, formatFindings } from '../../src/cli/partner-check-text.ts';
import { findingsOfConfig } from '../../src/cli/partner-doubts.ts';
import { findingsOfFile } from '../../src/cli/partner-findings.ts';
import { sayShare } from '../../src/cli/row-counts.ts';
import { aPartner } from '../domain/a-partner.ts';

const fine: SurveyedFile = {
  kind: 'surveyed',
  holds: 'leads',
  encoding: 'utf-8',
  confidence: 'certain',
  delimiter: ';',
  rows: 200,
  valid: 200,
  problems: [],
  warnings: [],
  withoutNif: 0,
  withoutAgent: 0,
  consent: { accepted: 200, refused: 0, blank: 0, unreadable: 0 },
  unknownWords: {},
  ids: { filled: 200, blank: 0, odd: [] },
  repetitions: { repeated: 0, differing: 0, differingShare: 0, mostOfOne: 1, firstRows: [], isEstimate: false },
  columns: { mapped: { dni: ['NIF'] }, unmapped: [], empty: [], emptyFields: [] },
  states: 0,
};

const findingsOf = (changes: Partial<SurveyedFile>) => findingsOfFile({ ...fine, ...changes }, aPartner());

describe('what is found in a file', () => {
  it('is nothing where nothing is wrong', () => {
    expect(findingsOf({})).toEqual([]);
    expect(formatFindings([], 80)).toBe('');
  });

  it.each<[Partial<SurveyedFile>, string, RegExp]>([
    [{ confidence: 'low', encoding: 'windows-1252' }, 'encoding_guessed', /a guess: windows-1252/],
    [{ withoutAgent: 3 }, 'agent_missing', /^3 rows for which nobody is the agent/],
    [
      { ids: { filled: 0, blank: 0, odd: [{ oddity: 'nif', rows: 1, firstRows: [9] }] } },
      'ids_nif',
      /1 row .*\(row 9\)/,
    ],
    [{ ids: { filled: 190, blank: 10, odd: [] } }, 'ids_blank', /^10 rows of 200 without an id/],
  ])('is urgent: %j', (changes, name, says) => {
    expect(findingsOf(changes)).toMatchObject([{ name, isUrgent: true, says: expect.stringMatching(says) }]);
  });

  it.each<[Partial<SurveyedFile>, string]>([
    [{ repetitions: { ...fine.repetitions, repeated: 2 } }, 'rows_repeated'],
    [{ columns: { ...fine.columns, unmapped: ['Notas'] } }, 'columns_unmapped'],
    [{ columns: { ...fine.columns, empty: ['Notas'] } }, 'columns_empty'],
    [{ columns: { ...fine.columns, emptyFields: ['dni'] } }, 'field_empty'],
    // A partner without ids of its own is a way to work.
    [{ ids: { filled: 0, blank: 200, odd: [] } }, 'ids_blank'],
  ])('is worth knowing: %j', (changes, name) => {
    expect(findingsOf(changes)).toMatchObject([{ name, isUrgent: false }]);
  });

  it('says when ids that stand on rows which differ would hold the file', () => {
    const differing = { ...fine.repetitions, differing: 2, differingShare: 0.01, firstRows: [4, 9] };
    expect(findingsOf({ repetitions: { ...differing, mostOfOne: 3 } })[0]?.says).toContain(
      'Only the first row of each',
    );
    const held = findingsOf({ repetitions: { ...differing, mostOfOne: 4, isEstimate: true } })[0]?.says;
    expect(held).toMatch(/^About 2 leads stand on rows that differ, 1 % of all \(rows 4, 9\)\. .*FILE_ID_REPEATED/);
  });

  it('shows words and tells how many values it does not show', () => {
    const words = { rows: 9, words: [{ word: 'Quizás', rows: 7 }], hidden: 2 };
    expect(findingsOf({ unknownWords: { acceptTerms: words } })[0]?.says).toBe(
      'acceptTerms: "Quizás" 7, others not shown 2; in neither list of `consent`.',
    );
    expect(findingsOf({ unknownWords: { ramo: { rows: 300, words: [], hidden: 300 } } })[0]?.says).toBe(
      'ramo: values in 300 rows, which are no words and are not shown, not in `codes`.',
    );
  });

  it('brings no escape sequence of a header to the terminal', () => {
    const evil = '\u001b[31mNotas\u0007';
    const findings = findingsOf({ columns: { ...fine.columns, unmapped: [evil] } });
    const refused = {
      kind: 'refused',
      code: 'FILE_COLUMNS_MISSING',
      detail: { columns: 'dni' },
      header: [evil],
    } as const;
    for (const text of [formatFindings(findings, 80), formatFileCheck(evil, refused, 80)]) {
      expect(text).toContain('Notas');
      expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
    }
  });
});

describe('what is doubted about a config', () => {
  it('is told with the key', () => {
    expect(
      findingsOfConfig([{ kind: 'code_not_legal', field: 'ramo', word: 'hogar', code: 'H' }, { kind: 'no_agent' }]),
    ).toMatchObject([
      { name: 'code_not_legal', isUrgent: true, says: 'codes.ramo: the contract does not take "H" for "hogar".' },
      { name: 'no_agent', isUrgent: false },
    ]);
  });
});

describe('a share', () => {
  it.each([
    [0, '0 %'],
    [0.000_01, 'under 1 %'],
    [0.5, '50 %'],
    [0.999, '99 %'],
    [1, '100 %'],
  ])('of %d is %s: never 0 for something, never 100 for less than all', (share, text) => {
    expect(sayShare(share)).toBe(text);
  });
});
