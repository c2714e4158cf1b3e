import type { ServiceTroubleView, TroubleCode } from '../app/ports/ledger.ts';
import { faults } from '../domain/faults.ts';

/** What services that are alive can't do, by what a person has to go to: a host, a partner's folder. */
export function ofServiceTroubles(troubles: readonly ServiceTroubleView[]) {
  const group = (code: TroubleCode, by: (one: ServiceTroubleView) => string) => [
    ...Map.groupBy(
      troubles.filter((one) => one.code === code),
      by,
    ),
  ];
  return [
    ...group('CONFIG_KEY_ROTATED', ({ host }) => host).map(ofRotatedKey),
    ...group('FILE_NOT_KEPT', ({ partner }) => partner ?? '').map(ofNotKept),
  ];
}

function ofRotatedKey([host, all]: readonly [string, readonly ServiceTroubleView[]]) {
  const isOne = all.length === 1;
  const pids = all.map(({ pid }) => pid).join(', ');
  return {
    alarm: `key-rotated:${host}`,
    level: all.length,
    since: sinceOf(all),
    about: { kind: 'services' } as const,
    what: `${isOne ? 'a service' : `${all.length} services`} on ${host} (pid ${pids}) still ${isOne ? 'runs' : 'run'} with the LEADSYNC_SECRET_KEY that was rotated away: CONFIG_KEY_ROTATED, and no file is taken in there`,
    then: `Give ${host} the new key and start ${isOne ? 'it' : 'them'} again.`,
    command: 'leadsync run',
    isUrgent: true,
  };
}

/** Services that watch the same folders see the same files. */
function ofNotKept([partner, all]: readonly [string, readonly ServiceTroubleView[]]) {
  const files = Math.max(...all.map((one) => one.files));
  const hosts = [...new Set(all.map(({ host }) => host))].join(', ');
  const codes = [...new Set(all.map(({ system }) => system))].join(', ');
  return {
    alarm: `not-kept:${partner}`,
    level: files,
    since: sinceOf(all),
    what: `${files} ${files === 1 ? 'file' : 'files'} of ${partner} can not be put into archive/ or rejected/ on ${hosts}: FILE_NOT_KEPT (${codes})`,
    then: faults.FILE_NOT_KEPT.then,
    command: 'leadsync doctor',
    isUrgent: true,
  };
}

function sinceOf(all: readonly ServiceTroubleView[]): Date {
  return new Date(Math.min(...all.map(({ since }) => since.getTime())));
}
