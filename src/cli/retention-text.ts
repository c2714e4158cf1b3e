import { formatTable } from './table.ts';

/** What is past its time, for people. */
export function formatPreview(
  preview: {
    readonly rows: readonly { readonly partner: string; readonly state: string; readonly rows: number }[];
    readonly blocked: number;
    readonly blockedPast: number;
    readonly files: number;
    readonly results: number;
    readonly keys: readonly { readonly partner: string; readonly month: string }[];
    readonly kept: readonly string[];
  },
  width: number,
): string {
  const rows =
    preview.rows.length === 0
      ? 'No row is past its time.'
      : formatTable(
          [{ header: 'partner', canShrink: true }, { header: 'state' }, { header: 'rows', align: 'right' }],
          preview.rows.map((one) => [one.partner, one.state, String(one.rows)]),
          width,
        );
  const months = preview.keys.map(({ partner, month }) => `${partner} ${month}`).join(', ');
  const lines = [
    `kept files past their time on this host: ${preview.files}; files in the outbox: ${preview.results}`,
    `keys that nothing is sealed with any more: ${months === '' ? 'none' : months}`,
    ...(preview.blocked === 0
      ? []
      : [`blocked values: ${preview.blocked}, of which ${preview.blockedPast} are to be destroyed`]),
    ...(preview.kept.length === 0
      ? []
      : [`without a valid config, so nothing of them is destroyed: ${preview.kept.join(', ')} (--without-config)`]),
  ];
  return `${rows}\n\n${lines.join('\n')}`;
}
