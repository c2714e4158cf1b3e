import { describe, expect, it } from 'vitest';
import { companionName, isCompanionName, isCompanionTemplate } from '../../src/domain/companion-file.ts';

describe('a companion', () => {
  it('is called after the whole name of its file, or the name without its ending', () => {
    expect(companionName('{name}.done', 'leads.enero.csv')).toBe('leads.enero.csv.done');
    expect(companionName('{stem}.ok', 'leads.enero.csv')).toBe('leads.enero.ok');
    expect(companionName('{stem}.ok', 'leads')).toBe('leads.ok');
    expect(companionName('fin_{name}', 'leads.csv')).toBe('fin_leads.csv');
  });

  it('is known by its name also without its file', () => {
    expect(isCompanionName('{name}.done', 'leads.csv.DONE')).toBe(true);
    expect(isCompanionName('fin_{stem}.ok', 'FIN_leads.ok')).toBe(true);
    expect(isCompanionName('{name}.done', 'leads.csv')).toBe(false);
    expect(isCompanionName('{name}.done', '.done')).toBe(false);
  });

  it('has a template that names one place and something beside it, in the same folder', () => {
    const templates = ['{name}.done', '{stem}.sha256', 'fin_{name}', '{name}', 'done', '{name}{stem}', 'x/{name}.done'];
    expect(templates.filter(isCompanionTemplate)).toEqual(['{name}.done', '{stem}.sha256', 'fin_{name}']);
    expect(isCompanionTemplate('{other}.done')).toBe(false);
  });
});
