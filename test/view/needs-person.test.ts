import { describe, expect, it } from 'vitest';
import { isUrgent, needsPerson, type PresentState } from '../../src/view/needs-person.ts';

const calm: PresentState = { counts: [], halts: [], files: [] };

function file(id: string, state: PresentState['files'][number]['state'], code: PresentState['files'][number]['code']) {
  return { id, partner: 'acme', kind: 'leads', state, code } as const;
}

describe('needsPerson', () => {
  it('asks for nobody when everything has ended well', () => {
    const counts = [{ kind: 'lead', partner: 'acme', state: 'registered', n: 9 }] as const;
    expect(needsPerson({ ...calm, counts })).toEqual([]);
  });

  it('names the command for rows in doubt and failed, halts first', () => {
    const needs = needsPerson({
      counts: [
        { kind: 'lead', partner: 'acme', state: 'failed', n: 1 },
        { kind: 'update', partner: 'norte', state: 'in_doubt', n: 2 },
      ],
      halts: [{ endpoint: 'altaLead', code: 'API_HALTED_CREDENTIALS', since: new Date(0) }],
      files: [],
    });
    expect(needs.map((need) => need.command)).toEqual([
      'leadsync resume --reason "…"',
      'leadsync in-doubt --partner norte --kind update',
      'leadsync replay --partner acme --kind lead --state failed --dry-run',
    ]);
    expect(needs[1]?.what).toBe('2 status updates of norte in doubt: the update may have arrived');
    expect(isUrgent(needs)).toBe(true);
  });

  it('tells files that wait for a config from files that can not be taken', () => {
    const inbox = { partner: 'acme', arriving: 0, arrivingSince: null, passedOver: 0 };
    const [config, disk] = needsPerson({
      ...calm,
      inboxes: [
        { ...inbox, stuck: 2, trouble: 'CONFIG_PARTNER_INVALID' },
        { ...inbox, stuck: 1, trouble: 'EACCES' },
      ],
    });
    expect(config).toMatchObject({
      what: '2 files of acme wait in the inbox: CONFIG_PARTNER_INVALID',
      command: 'leadsync partner list',
      isUrgent: true,
    });
    expect(disk).toMatchObject({ what: '1 file in the inbox of acme can not be taken: EACCES' });
  });

  it('tells of files that were to be read a quarter of an hour ago, by partner, the oldest first', () => {
    const now = new Date('2026-11-29T08:00:00Z');
    const due = (time: string) => ({ dueAt: new Date(`2026-11-29T${time}:00Z`) });
    const files = [
      { ...file('9', 'arrived', null), ...due('07:50') },
      { ...file('8', 'reading', null), ...due('07:30') },
      { ...file('7', 'arrived', null), ...due('07:00') },
      { ...file('6', 'held', 'FILE_HELD'), ...due('01:00') },
      { ...file('5', 'settled', null), ...due('01:00') },
      { ...file('4', 'arrived', null), partner: 'norte', ...due('07:44') },
    ];
    const unread = needsPerson({ ...calm, files, now }).filter(({ alarm }) => alarm.startsWith('unread:'));
    expect(unread).toMatchObject([
      { alarm: 'unread:acme', level: 2, since: new Date('2026-11-29T07:00:00Z'), about: { kind: 'file', id: '7' } },
      { alarm: 'unread:norte', what: 'file 4 of norte has not been read, due for 16 min', command: 'leadsync file 4' },
    ]);
    expect(isUrgent(unread)).toBe(true);
  });

  it('names the host and the processes that run with a secret that was rotated away', () => {
    const stale = { code: 'CONFIG_KEY_ROTATED', partner: null, files: 0, system: null, host: 'blue' } as const;
    const services = [
      { ...stale, pid: 7, since: new Date(2_000) },
      { ...stale, pid: 9, since: new Date(1_000) },
      { ...stale, host: 'green', pid: 7, since: new Date(3_000) },
    ];
    const [blue, green] = needsPerson({ ...calm, services });
    expect(blue).toMatchObject({ alarm: 'key-rotated:blue', level: 2, since: new Date(1_000), isUrgent: true });
    expect(blue?.what).toContain('2 services on blue (pid 7, 9)');
    expect(blue?.then).toBe('Give blue the new key and start them again.');
    expect(green?.what).toContain('a service on green (pid 7)');
  });

  it('tells once of files that two services of a host can not put away', () => {
    const full = { code: 'FILE_NOT_KEPT', partner: 'acme', files: 2, system: 'ENOSPC', host: 'blue' } as const;
    const services = [
      { ...full, pid: 7, since: new Date(2_000) },
      { ...full, files: 3, pid: 9, since: new Date(1_000) },
    ];
    const needs = needsPerson({ ...calm, services });
    expect(needs).toMatchObject([{ alarm: 'not-kept:acme', level: 3, since: new Date(1_000), isUrgent: true }]);
    expect(needs[0]?.what).toBe(
      '3 files of acme can not be put into archive/ or rejected/ on blue: FILE_NOT_KEPT (ENOSPC)',
    );
    expect(needs[0]?.then).toContain('Make room');
  });

  it('tells of rejected rows without making them urgent', () => {
    const needs = needsPerson({ ...calm, counts: [{ kind: 'lead', partner: 'acme', state: 'rejected', n: 3 }] });
    expect(needs).toHaveLength(1);
    expect(isUrgent(needs)).toBe(false);
  });

  it('says why a file is held, with the command that lets it go on', () => {
    const held = {
      ...file('4', 'held', 'FILE_SIZE_UNUSUAL'),
      heldBecause: [
        { code: 'FILE_SIZE_UNUSUAL', detail: { rows: 3, usual: 90 } },
        { code: 'FILE_COLUMN_EMPTY', column: 'phone', detail: { percent: 98 } },
      ],
    } as const;
    const needs = needsPerson({ ...calm, files: [file('5', 'settled', null), held] });
    expect(needs).toMatchObject([{ command: 'leadsync file 4 --release --reason "…"', isUrgent: true }]);
    expect(needs[0]?.what).toMatch(/^file 4 of acme is held: FILE_SIZE_UNUSUAL: The file has 3 rows; usual are 90; /);
    expect(needs[0]?.what).toMatch(/98 % of the rows had it before$/);
  });

  it('wants nobody for a file that a person has turned away', () => {
    expect(needsPerson({ ...calm, files: [file('6', 'rejected', 'FILE_REJECTED')] })).toEqual([]);
  });

  it('wants a person for a refused file until a later one of the same partner and kind has arrived', () => {
    const refused = file('3', 'rejected', 'FILE_COLUMNS_MISSING');
    expect(isUrgent(needsPerson({ ...calm, files: [refused] }))).toBe(true);
    expect(needsPerson({ ...calm, files: [file('4', 'settled', null), refused] })).toEqual([]);
    const otherKind = { ...file('4', 'settled', null), kind: 'updates' } as const;
    expect(needsPerson({ ...calm, files: [otherKind, refused] })).toHaveLength(1);
  });

  it('wants nobody for the same bytes once more', () => {
    expect(needsPerson({ ...calm, files: [file('3', 'rejected', 'FILE_ALREADY_IMPORTED')] })).toEqual([]);
  });

  it('is a folder from which nothing can be taken, and not yet a file that is still arriving', () => {
    const inbox = { partner: 'acme', arriving: 0, arrivingSince: null, passedOver: 2, stuck: 0, trouble: null };
    expect(needsPerson({ ...calm, inboxes: [inbox] })).toEqual([]);
    const [stuck] = needsPerson({ ...calm, inboxes: [{ ...inbox, stuck: 2, trouble: 'EACCES' }] });
    expect(stuck).toMatchObject({ what: '2 files in the inbox of acme can not be taken: EACCES', isUrgent: true });
    const [arriving] = needsPerson({ ...calm, inboxes: [{ ...inbox, arriving: 1, arrivingSince: new Date() }] });
    expect(arriving).toMatchObject({ isUrgent: false });
  });
});
