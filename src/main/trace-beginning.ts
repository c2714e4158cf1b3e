import type { Tracing } from '../adapters/tracing/open-telemetry.ts';
import type { Ports } from '../app/ports.ts';
import type { JobName } from '../app/ports/job-queue.ts';
import type { LedgerFile } from '../app/ports/ledger.ts';
import { version } from './checkout.ts';
import type { Config } from '../config/config.ts';

/** Null where nobody is to be sent traces: then nothing of OpenTelemetry is loaded. */
export async function openTraces(
  config: Config,
  { instance, ledgerId }: { readonly instance: string; readonly ledgerId: string },
): Promise<Tracing | null> {
  if (config.traces === null) return null;
  const { openTracing } = await import('../adapters/tracing/open-telemetry.ts');
  return openTracing({ ...config.traces, version, environment: config.environment ?? '', instance, ledgerId });
}

/** With the first job of a row or a file, what came before it: the beginning of its trace. What can't be looked up is left out. */
export async function traceBeginning(
  tracing: Tracing | null,
  { ledger }: Pick<Ports, 'ledger'>,
  job: JobName,
  payload: unknown,
): Promise<void> {
  if (tracing === null) return;
  const { rowId, version: rowVersion, fileId } = payload as Partial<Readonly<Record<string, unknown>>>;
  if (typeof rowId === 'string' && rowVersion === 0 && tracing.isTraced('row', rowId)) {
    const row = await ledger.row(rowId).catch(() => null);
    if (row !== null) tracing.rowRead(row, row.fileId === null ? null : await fileOf(ledger, row.fileId));
  }
  if (typeof fileId === 'string' && job === 'ingest-file' && tracing.isTraced('file', fileId)) {
    const file = await fileOf(ledger, fileId);
    if (file !== null) tracing.fileTaken(file);
  }
}

async function fileOf(ledger: Ports['ledger'], fileId: string): Promise<LedgerFile | null> {
  return ledger.file(fileId).catch(() => null);
}
