import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resultColumnsOf } from '../../src/app/result-line.ts';
import { leadFields } from '../../src/contract/leads-1.2.5/fields.ts';
import { type Fault, type FaultCode, faults, partnerText, type ResultLanguage } from '../../src/domain/faults.ts';
import { openLeadRowStates, leadRowMoves } from '../../src/domain/lead-row.ts';
import { outcomeInWords, type PartnerOutcome, partnerOutcomes } from '../../src/domain/partner-words.ts';
import { openStatusUpdateStates, statusUpdateMoves } from '../../src/domain/status-update.ts';
import { updateFieldNames } from '../../src/domain/update-field-names.ts';

const languages = ['es', 'en'] as const;

const pathOf = (language: ResultLanguage): string => join(import.meta.dirname, `../../docs/partners.${language}.md`);
const read = (language: ResultLanguage): string => readFileSync(pathOf(language), 'utf8');

const heads = {
  outcomes: { es: ['resultado', 'significa', 'qué hacer'], en: ['outcome', 'it means', 'what to do'] },
  codes: { es: ['código', 'texto'], en: ['code', 'text'] },
} as const;

/** What a partner does about an outcome. */
const advice: Readonly<Record<PartnerOutcome, Readonly<Record<ResultLanguage, string>>>> = {
  registered: { es: 'guarde el `leadId`', en: 'keep the `leadId`' },
  registered_without_id: { es: 'nada: lo recibirá en un resultado posterior', en: 'nothing: a later result brings it' },
  not_managed: {
    es: 'nada: usted no gestiona este cliente, y no se ha enviado',
    en: 'nothing: you do not manage this client, and it was not sent',
  },
  pushed: { es: 'nada', en: 'nothing' },
  superseded: { es: 'nada', en: 'nothing' },
  duplicate: {
    es: 'nada: cuenta la fila anterior, y aquí se repite su `leadId`',
    en: 'nothing: the row before it counts, and its `leadId` is repeated here',
  },
  rejected: {
    es: 'corrija lo que dice `message` y envíela de nuevo',
    en: 'correct what `message` says and send it again',
  },
  failed: { es: 'nada: lo revisamos y lo volvemos a intentar', en: 'nothing: we look into it and try again' },
  in_doubt: {
    es: '**no la envíe de nuevo con otro identificador**: lo aclaramos nosotros',
    en: '**do not send it again under another id**: we find out',
  },
  cancelled: { es: 'envíela de nuevo si aún la quiere', en: 'send it again if you still want it' },
  abandoned: { es: 'pregúntenos', en: 'ask us' },
  pending: { es: 'espere: habrá un resultado más reciente', en: 'wait: there will be a newer result' },
};

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');
}

function outcomesTable(language: ResultLanguage): string {
  const rows = partnerOutcomes.map((outcome) => [
    `\`${outcome}\``,
    outcomeInWords(outcome, language),
    advice[outcome][language],
  ]);
  return table(heads.outcomes[language], rows);
}

/** Codes with one text stand together: to the partner they are one. */
function codesTable(language: ResultLanguage): string {
  const told = Object.entries<Fault>(faults).filter(([, { partner }]) => partner !== undefined);
  const byText = Map.groupBy(told, ([code]) => partnerText(code as FaultCode, language).replaceAll(/\{\w+\}\.?/g, '…'));
  const rows = [...byText].map(([text, codes]) => [codes.map(([code]) => `\`${code}\``).join(' '), text]);
  return table(heads.codes[language], rows);
}

function between(text: string, name: string, content: string): string {
  const [before = '', rest = ''] = text.split(`<!-- ${name} -->`);
  const after = rest.split(`<!-- /${name} -->`)[1];
  if (after === undefined) throw new Error(`no place for ${name}`);
  return `${before}<!-- ${name} -->\n${content}\n<!-- /${name} -->${after}`;
}

describe.each(languages)('docs/partners.%s.md', (language) => {
  it('says every outcome and every code that a partner may read, and no other (with -u it is written)', async () => {
    const outcomes = between(read(language), 'outcomes', outcomesTable(language));
    await expect(between(outcomes, 'codes', codesTable(language))).toMatchFileSnapshot(pathOf(language));
  });

  it('names every column of a result, every required value of a lead, and every value of an update', () => {
    const named = new Set([...read(language).matchAll(/`(\w+)`/g)].map(([, word]) => word));
    const needed = [
      ...resultColumnsOf('mixed'),
      ...leadFields.filter(({ required }) => required).map(({ name }) => name),
      ...updateFieldNames,
    ];
    expect(needed.filter((name) => !named.has(name))).toEqual([]);
  });
});

describe('the pages for partners', () => {
  it('are in step: the same headings, lists and tables, with the same names in them', () => {
    const [es, en] = languages.map((language) => shapeOf(read(language)));
    expect(es).toEqual(en);
  });

  it('know a word for every state in which a row can end', () => {
    const open = new Set<string>([...openLeadRowStates, ...openStatusUpdateStates]);
    const ends = [...Object.keys(leadRowMoves), ...Object.keys(statusUpdateMoves)].filter((state) => !open.has(state));
    expect([...new Set([...ends, 'pending'])].toSorted()).toEqual([...partnerOutcomes].toSorted());
  });
});

/** What the two have to have in common: the skeleton, and names that are no words of a language. */
function shapeOf(text: string): readonly string[] {
  return text
    .replace(/<!-- codes -->[\s\S]*<!-- \/codes -->/, '')
    .split('\n')
    .flatMap((line) => {
      const [mark = ''] = /^(#+ |\d+\. |\| )/.exec(line) ?? [];
      if (mark === '') return [];
      const cells = mark === '| ' ? ` ${line.split('|').length}` : '';
      const names =
        line.match(
          /`(?:partnerLeadId|leadId|acceptTerms|agenteId|estado|outcome|code|column|message|[a-z]+_[a-z_]+)`/g,
        ) ?? [];
      return [`${mark.trim()}${cells} ${names.join(' ')}`];
    });
}
