import type { LogEvent, LogEvents } from '../../app/ports/log.ts';

export interface Wording<Field extends string = string> {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  /** All that is written of an event. A field that is not named here has no way into the log. */
  readonly fields: readonly Field[];
}

/** The wording and level of every log line. What happens once a row is `debug`: a million rows are no news. */
export const wordings: { readonly [E in LogEvent]: Wording<keyof LogEvents[E] & string> } = {
  serviceStarted: { level: 'info', message: 'service started', fields: ['instance', 'roles', 'queue', 'ledger'] },
  serviceStopping: { level: 'info', message: 'service stopping', fields: ['instance', 'signal'] },
  serviceStopped: { level: 'info', message: 'service stopped', fields: ['instance', 'drained'] },
  fileArrived: { level: 'info', message: 'file arrived', fields: ['fileId', 'partner', 'kind'] },
  fileRejected: { level: 'warn', message: 'file rejected', fields: ['fileId', 'partner', 'code'] },
  inboxNoted: {
    level: 'warn',
    message: 'something in an inbox is not taken in',
    fields: ['partner', 'arriving', 'passedOver', 'stuck', 'trouble'],
  },
  filesNotKept: {
    level: 'error',
    message: 'files can not be put into archive or rejected: they stay claimed',
    fields: ['code', 'partner', 'files', 'system'],
  },
  fileHeld: { level: 'warn', message: 'file held for a person', fields: ['fileId', 'partner', 'code'] },
  fileRead: { level: 'info', message: 'file read to its end', fields: ['fileId', 'partner', 'rows'] },
  fileSettled: { level: 'info', message: 'file settled', fields: ['fileId', 'partner', 'rows', 'version'] },
  rowMoved: { level: 'debug', message: 'row moved', fields: ['rowId', 'from', 'to', 'code'] },
  rowsUnreadable: {
    level: 'error',
    message: 'sealed rows do not open, this one and others: nobody is found by them',
    fields: ['rows', 'rowId'],
  },
  nightBegun: {
    level: 'info',
    message: 'run of a night begun',
    fields: ['partner', 'night', 'files', 'passed'],
  },
  nightWaits: {
    level: 'info',
    message: 'run waits for the one before it',
    fields: ['partner', 'night'],
  },
  nightEnded: { level: 'info', message: 'night ended, its summary is on its way', fields: ['night', 'told'] },
  deliveryFailed: {
    level: 'warn',
    message: 'a message could not be delivered',
    fields: ['delivery', 'channel', 'recipient', 'code', 'givenUp', 'stopped'],
  },
  erasureEnded: { level: 'info', message: 'a person is erased', fields: ['erasure'] },
  rowsRetired: { level: 'info', message: 'values and keys past their time taken', fields: ['rows', 'keys'] },
  filesRetired: { level: 'info', message: 'files past their time removed', fields: ['files', 'results'] },
  keptFilesStuck: {
    level: 'error',
    message:
      'kept files can not be sealed, or not be removed though their time is over: see to archive, rejected and outbox',
    fields: ['notSealed', 'notRemoved', 'code'],
  },
  leaderElected: { level: 'info', message: 'this process leads', fields: ['instance'] },
  breakerOpened: { level: 'error', message: 'outage of the Leads API: calls are held', fields: ['cause'] },
  breakerClosed: {
    level: 'info',
    message: 'the Leads API answers again: calls go, slowly at first',
    fields: ['cause'],
  },
  orphansFound: { level: 'warn', message: 'rows in doubt whose holder is gone', fields: ['rows'] },
  spoolUnwritable: { level: 'error', message: 'spool can not be written: nothing is sent', fields: ['code'] },
  answersFound: { level: 'info', message: 'answers of ended processes found in the spool', fields: ['rows'] },
  ledgerBehind: {
    level: 'error',
    message: 'the ledger does not know requests that were sent: nothing more is sent',
    fields: ['attempts'],
  },
  ledgerUnreachable: { level: 'error', message: 'ledger unreachable', fields: ['code'] },
  queueUnreachable: { level: 'error', message: 'queue unreachable', fields: ['code'] },
  databaseRestarted: { level: 'warn', message: 'embedded database was gone and is started again', fields: ['place'] },
  configRejected: {
    level: 'error',
    message: 'config not valid, the last valid one stays',
    fields: ['code', 'partner'],
  },
  keyRotated: {
    level: 'error',
    message: 'the secret key was rotated: start this service again with the new one; it takes in no file',
    fields: ['code'],
  },
  consoleListens: { level: 'info', message: 'console listens', fields: ['host', 'port', 'users'] },
  consoleNotStarted: {
    level: 'warn',
    message: 'this process has no console: its port is taken',
    fields: ['code', 'port'],
  },
  machineUsersRefused: {
    level: 'error',
    message: 'the file of machine users can not be read: the JSON API lets nobody in',
    fields: ['code'],
  },
  pageFailed: { level: 'error', message: 'a page of the console could not be made', fields: ['route', 'code'] },
  jobFailed: { level: 'error', message: 'job failed', fields: ['queue', 'jobId', 'code'] },
};
