import type { RowKind } from '../domain/file-life.ts';
import type { Job } from './ports/job-queue.ts';

/** One piece of due work as a job. The version is in the id: a row that has moved is new work, the same row again is not. */
function leadJob(row: { readonly id: string; readonly version: number }): Job {
  return rowJob('register-lead', row);
}

function updateJob(row: { readonly id: string; readonly version: number }): Job {
  return rowJob('push-status', row);
}

export function rowJobOf(kind: RowKind, row: { readonly id: string; readonly version: number }): Job {
  return kind === 'lead' ? leadJob(row) : updateJob(row);
}

function rowJob(name: 'register-lead' | 'push-status', row: { readonly id: string; readonly version: number }): Job {
  return { name, id: `r${row.id}-v${row.version}`, payload: { rowId: row.id, version: row.version } };
}

/** Always the same id: a file is read by one worker at a time. */
export function ingestJob(file: { readonly id: string }): Job {
  return { name: 'ingest-file', id: `f${file.id}-read`, payload: { fileId: file.id } };
}

/** An interim result: the same work, under an id of its own, since the file is settled as well one day. */
export function reportJob(file: { readonly id: string; readonly resultVersion: number }): Job {
  return { ...settleJob(file), id: `f${file.id}-report` };
}

export function settleJob(file: { readonly id: string; readonly resultVersion: number }): Job {
  return { name: 'settle-file', id: `f${file.id}-settle-${file.resultVersion + 1}`, payload: { fileId: file.id } };
}
