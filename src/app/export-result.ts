import type { Partner } from '../domain/partner.ts';
import type { Ports } from './ports.ts';
import type { AuditLog } from './ports/audit-log.ts';
import type { Act } from './ports/held-files.ts';
import type { LedgerPages } from './ports/ledger-pages.ts';
import type { LedgerFile } from './ports/ledger.ts';
import { resultPieces } from './publish-result.ts';
import { resultColumnsOf } from './result-line.ts';

type ExportPorts = Pick<Ports, 'vault'> & {
  readonly auditLog: Pick<AuditLog, 'note'>;
  readonly pages: Pick<LedgerPages, 'resultRows'>;
};

/**
 * The result of a file as it would be issued now, from the ledger: whoever asks need not reach the outbox. Of a file whose
 * rows have not moved since it is what lies there, byte for byte. That it was taken out is audited, before the first line.
 */
export async function* exportResult(
  ports: ExportPorts,
  file: LedgerFile,
  { partner, act }: { readonly partner: Partner; readonly act: Act },
): AsyncGenerator<string | Uint8Array> {
  const columns = resultColumnsOf(file.kind);
  await ports.auditLog.note({ action: 'rows.exported', ...act, detail: { file: file.id, columns } });
  yield* resultPieces(ports, partner, { file, rows: ports.pages.resultRows(file.id) });
}
