/** What the nemesis can do. */
export const acts = [
  'kill_worker',
  'pause_worker',
  'pause_worker_longer_than_its_locks',
  'block_event_loop',
  'kill_api',
  'pause_api',
  'break_way_to_api',
  'break_way_to_postgres',
  'break_way_to_redis',
  'kill_redis',
  'flush_redis',
  'redis_outage',
  'fill_redis',
  'restart_postgres',
  'end_connections',
] as const;
export type Act = (typeof acts)[number];

export const redisActs: ReadonlySet<Act> = new Set([
  'break_way_to_redis',
  'kill_redis',
  'flush_redis',
  'redis_outage',
  'fill_redis',
]);
