import pino from 'pino';
import type { Log, LogEvent, LogEvents } from '../../app/ports/log.ts';

type Level = 'debug' | 'info' | 'warn' | 'error';

interface Wording<E extends LogEvent> {
  readonly level: Level;
  readonly says: string;
  /** The fields that get through. Anything else an object may carry stays out. */
  readonly fields: readonly (keyof LogEvents[E])[];
}

/** Every line that the log can say: its level, its wording and its fields. */
const wordings: { readonly [E in LogEvent]: Wording<E> } = {
  serviceStarted: { level: 'info', says: 'service started', fields: ['instance', 'roles', 'queue', 'ledger'] },
  serviceStopping: { level: 'info', says: 'service stopping', fields: ['instance', 'signal'] },
  serviceStopped: { level: 'info', says: 'service stopped', fields: ['instance', 'drained'] },
  fileArrived: { level: 'info', says: 'file arrived', fields: ['fileId', 'partner', 'kind'] },
  fileRejected: { level: 'warn', says: 'file rejected', fields: ['fileId', 'partner', 'code'] },
  fileRead: { level: 'info', says: 'file read', fields: ['fileId', 'partner', 'rows'] },
  fileSettled: { level: 'info', says: 'file settled', fields: ['fileId', 'partner', 'rows', 'version'] },
  rowMoved: { level: 'debug', says: 'row moved', fields: ['rowId', 'from', 'to', 'code'] },
  callEnded: {
    level: 'debug',
    says: 'call ended',
    fields: ['rowId', 'attemptId', 'endpoint', 'outcome', 'httpStatus', 'ms'],
  },
  queueRebuilt: { level: 'info', says: 'queue rebuilt from the ledger', fields: ['rows'] },
  leaderElected: { level: 'info', says: 'this instance leads', fields: ['instance'] },
  orphansFound: { level: 'warn', says: 'announced requests without an answer', fields: ['rows'] },
  ledgerUnreachable: { level: 'error', says: 'ledger unreachable', fields: ['code'] },
  queueUnreachable: { level: 'warn', says: 'queue unreachable', fields: ['code'] },
  databaseRestarted: { level: 'warn', says: 'embedded database restarted', fields: ['place'] },
  configRejected: { level: 'error', says: 'partner config rejected, the last valid one stays', fields: ['code', 'partner'] },
  jobFailed: { level: 'error', says: 'job met broken infrastructure', fields: ['queue', 'jobId', 'code'] },
};

/** JSON lines on standard error unless another destination is given. Speaks through typed events only. */
export function createLog(options: { readonly level: string; readonly destination?: pino.DestinationStream }): Log {
  const logger = pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    options.destination ?? pino.destination(2),
  );
  return {
    event(name, fields) {
      const { level, says, fields: allowed } = wordings[name];
      const picked = Object.fromEntries(allowed.map((field) => [field, fields[field]]));
      logger[level]({ event: name, ...picked }, says);
    },
  };
}
