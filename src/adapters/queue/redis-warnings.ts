/**
 * What of a Redis endangers the queue, read from INFO, which managed servers answer too (CONFIG they often refuse).
 * No lead is at stake, the ledger offers again what is lost: it costs time.
 */
export function redisWarnings(info: string): readonly string[] {
  const policy = settingOf(info, 'maxmemory_policy');
  const appendOnly = settingOf(info, 'aof_enabled');
  return [
    ...(policy === null || policy === 'noeviction'
      ? []
      : [
          `Redis: expected maxmemory-policy noeviction, found ${policy}: jobs can vanish until the ledger offers them again`,
        ]),
    ...(appendOnly === null || appendOnly === '1'
      ? []
      : ['Redis: expected appendonly yes, found no: a restart empties the queue, which costs time']),
  ];
}

function settingOf(info: string, name: string): string | null {
  return new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? null;
}
