import { faults } from '../domain/faults.ts';
import type { Doubt } from '../view/doubt.ts';
import { sayDuration } from '../view/duration.ts';
import { showInstant } from '../view/instant.ts';
import { rowAdvice } from '../view/row-advice.ts';
import { sayPlace } from '../view/row-json.ts';
import { wrapText } from './text-width.ts';

export function formatDoubt(doubt: Doubt, page: { readonly timeZone: string; readonly width: number }): string {
  const { row, json, sendAgainInMs } = doubt;
  const kind = row.kind === 'lead' ? 'lead' : 'status update';
  const key = json.partnerLeadId === null ? '' : `, partnerLeadId ${json.partnerLeadId}`;
  const sent = row.intentAt === null ? 'not known' : showInstant(row.intentAt, page.timeZone);
  const agent = row.agenteId === null ? '' : `, agenteId ${row.agenteId}`;
  const lead = row.leadId === null ? '' : `, leadId ${row.leadId}`;
  return [
    wrapText(`row ${row.id}: ${kind} of ${row.partner}, ${sayPlace(row)}${key}`, page.width),
    ...(row.code === null ? [] : [wrapText(`${row.code}: ${faults[row.code].means}`, page.width, '  ')]),
    wrapText(
      `Ask the insurer for the request sent ${sent}${agent}${lead}, X-Request-Id ${row.attemptId ?? 'not known'}`,
      page.width,
      '  ',
    ),
    ...rowAdvice(row).map(({ when, command }) => {
      const isTooEarly = command.includes('--send-again') && sendAgainInMs > 0;
      return `  When ${when}${isTooEarly ? ` (possible in ${sayDuration(sendAgainInMs)})` : ''}:\n    ${command}`;
    }),
  ].join('\n');
}
