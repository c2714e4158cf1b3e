import type { ResultLanguage } from '../domain/faults.ts';
import { fileKindInWords, outcomeInWords } from '../domain/partner-words.ts';
import type { NightSummary, PartnerSummary } from './night-summary.ts';

/** A night as its partner is told of it, in the partner's language. Null: there is nothing of this partner in it. */
export function partnerNightText(summary: NightSummary, partner: string, language: ResultLanguage): string | null {
  const own = summary.partners.find((one) => one.partner === partner);
  if (own === undefined) return null;
  const say = { es: enEspanol, en: inEnglish }[language];
  return `${say(summary.night, own).join('\n')}\n`;
}

function enEspanol(night: string, { files, expected, outcomes }: PartnerSummary): readonly string[] {
  const [year, month, day] = night.split('-');
  return [
    `Resumen de la noche del ${day}/${month}/${year}`,
    '',
    files.length === 0 ? 'No se ha recibido ningún fichero.' : 'Ficheros recibidos:',
    ...files.map((file) => `  ${file.id}: ${fileKindInWords(file.kind, 'es')}, ${enEstado(file)}`),
    ...expected
      .filter(({ state }) => state === 'missing')
      .map(
        ({ kind, by, files: wanted, arrived }) =>
          `FALTA: ${fileKindInWords(kind, 'es')}, previsto antes de las ${by} (recibidos: ${arrived} de ${wanted}).`,
      ),
    ...sumsOf(outcomes, 'es'),
    '',
    'El detalle de cada fila está en el fichero de resultados que lleva el mismo número.',
  ];
}

function enEstado({ state, rows, code }: PartnerSummary['files'][number]): string {
  switch (state) {
    case 'settled':
      return `tratado, ${rows} ${rows === 1 ? 'fila' : 'filas'}`;
    case 'held':
      return 'retenido a la espera de revisión';
    case 'rejected':
    case 'quarantined':
      return `rechazado${code === null ? '' : ` (${code})`}`;
    case 'arrived':
    case 'reading':
    case 'read':
      return 'en curso';
  }
}

function inEnglish(night: string, { files, expected, outcomes }: PartnerSummary): readonly string[] {
  return [
    `Night of ${night}`,
    '',
    files.length === 0 ? 'No file was received.' : 'Files received:',
    ...files.map((file) => `  ${file.id}: ${fileKindInWords(file.kind, 'en')}, ${inState(file)}`),
    ...expected
      .filter(({ state }) => state === 'missing')
      .map(
        ({ kind, by, files: wanted, arrived }) =>
          `MISSING: ${fileKindInWords(kind, 'en')}, expected by ${by} (received: ${arrived} of ${wanted}).`,
      ),
    ...sumsOf(outcomes, 'en'),
    '',
    'What became of each row stands in the result file of the same number.',
  ];
}

function inState({ state, rows, code }: PartnerSummary['files'][number]): string {
  switch (state) {
    case 'settled':
      return `done, ${rows} ${rows === 1 ? 'row' : 'rows'}`;
    case 'held':
      return 'held for review';
    case 'rejected':
    case 'quarantined':
      return `rejected${code === null ? '' : ` (${code})`}`;
    case 'arrived':
    case 'reading':
    case 'read':
      return 'under way';
  }
}

function sumsOf(outcomes: PartnerSummary['outcomes'], language: ResultLanguage): readonly string[] {
  const headings = { es: { lead: 'Leads:', update: 'Actualizaciones:' }, en: { lead: 'Leads:', update: 'Updates:' } };
  return (['lead', 'update'] as const).flatMap((kind) => {
    const counts = Object.entries(outcomes[kind] ?? {}).filter(([, n]) => n > 0);
    if (counts.length === 0) return [];
    return ['', headings[language][kind], ...counts.map(([state, n]) => `  ${outcomeInWords(state, language)}: ${n}`)];
  });
}
