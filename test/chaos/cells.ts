import type { Cell } from './cell.ts';
import { acts, redisActs, type Act } from './nemesis/act.ts';
import type { Ailment } from './world/workers.ts';

const ailing: readonly Ailment[] = ['none', 'wall-clock-ahead', 'wall-clock-behind', 'monotonic-stands-still'];

/** Workers are killed and paused more often than the servers around them. */
const everything: readonly Act[] = [
  ...acts,
  'kill_worker',
  'kill_worker',
  'pause_worker',
  'pause_worker',
  'kill_worker',
];
const withoutRedis = everything.filter((act) => !redisActs.has(act));

type Shape = Omit<Cell, 'name' | 'seed'>;

const usual: Shape = {
  backend: 'redis',
  rows: 1_500,
  files: 3,
  ailments: ailing,
  faults: { check: 0.04, write: 0.1 },
  acts: everything,
  everyMs: [300, 1_200],
  seconds: 30,
  operator: 'careful',
};

const shapes = {
  'everything, redis': usual,
  'everything, postgres': { ...usual, backend: 'postgres', acts: withoutRedis, hosts: 'apart' },
  'careless operator': { ...usual, operator: 'careless', hosts: 'apart' },
  'listings, careful': { ...usual, listings: true },
  'listings, careless': { ...usual, backend: 'postgres', acts: withoutRedis, listings: true, operator: 'careless' },
  'ledger from a backup': { ...usual, restores: true },
  'ledger from a backup, hosts apart': { ...usual, restores: true, hosts: 'apart', operator: 'careless' },
  'slow disk': { ...usual, slowDisk: true },
  'refusing http/2': { ...usual, transport: 'refusing-http2' },
  'honoured keys': { ...usual, honoursKeys: true },
  'http proxy': { ...usual, httpProxy: true },
  'late arrivals': {
    ...usual,
    ailments: ['none', 'none'],
    faults: { check: 0, write: 0.3 },
    acts: ['pause_api', 'break_way_to_api', 'pause_api'],
    everyMs: [300, 900],
  },
  'perfect api': { ...usual, faults: { check: 0, write: 0 } },
  'erasure and retention': { ...usual, erasures: 24 },
} as const satisfies Record<string, Shape>;

export type CellName = keyof typeof shapes;
export const cellNames = Object.keys(shapes) as readonly CellName[];

export function aCell(name: CellName, seed: number, more: Partial<Shape> = {}): Cell {
  return { name, seed, ...shapes[name], ...more };
}
