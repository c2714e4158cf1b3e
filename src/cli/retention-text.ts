import { formatTable } from './table.ts';

/** What is past its time, as `--json` has it. */
export interface RetentionPreview {
  readonly rows: readonly { readonly partner: string; readonly state: string; readonly rows: number }[];
  /** Values that are blocked, and those of them whose time is over. */
  readonly blocked: number;
  readonly blockedPast: number;
  readonly files: number;
  readonly results: number;
  readonly keys: readonly { readonly partner: string; readonly month: string }[];
  /** Partners whose config is not here or not valid: nothing of them is destroyed. */
  readonly kept: readonly string[];
  /** Those of them whose config is not valid. */
  readonly notValid: readonly string[];
}

/** For people. */
export function formatPreview(preview: RetentionPreview, width: number): string {
  const rows =
    preview.rows.length === 0
      ? 'No row is past its time.'
      : formatTable(
          [{ header: 'partner', canShrink: true }, { header: 'state' }, { header: 'rows', align: 'right' }],
          preview.rows.map((one) => [one.partner, one.state, String(one.rows)]),
          width,
        );
  const { notValid } = preview;
  const without = preview.kept.filter((partner) => !notValid.includes(partner));
  const months = preview.keys.map(({ partner, month }) => `${partner} ${month}`).join(', ');
  const lines = [
    `kept files past their time on this host: ${preview.files}; files in the outbox: ${preview.results}`,
    `keys that nothing is sealed with any more: ${months === '' ? 'none' : months}`,
    ...(preview.blocked === 0
      ? []
      : [`blocked values: ${preview.blocked}, of which ${preview.blockedPast} are to be destroyed`]),
    ...(without.length === 0
      ? []
      : [`without a config, so nothing of them is destroyed: ${without.join(', ')} (--without-config)`]),
    ...(notValid.length === 0
      ? []
      : [
          `config not valid, so nothing of them is destroyed: ${notValid.join(', ')} (\`leadsync partner list\` says why)`,
        ]),
  ];
  return `${rows}\n\n${lines.join('\n')}`;
}
