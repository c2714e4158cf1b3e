import { aPartner } from '../domain/a-partner.ts';
import { createMemoryLedger } from '../support/in-memory/ledger.ts';
import type { Tables } from '../support/in-memory/tables.ts';
import { checkTruth, judgeCreate, outcomesOf, restless, type Wrong } from './check-truth.ts';
import { createSimulatedQueue } from './job-queue.ts';
import { unleashNemesis } from './nemesis.ts';
import { seatOperator } from './operator.ts';
import { inOwnTime } from './own-time.ts';
import { createRandom } from './random.ts';
import { createRemoteApi } from './remote-api.ts';
import { isOfTheLedger, type Safeguard } from './safeguard.ts';
import { deliverFiles } from './scenario.ts';
import type { Surroundings } from './service.ts';
import { storyOf } from './story.ts';
import { createWorld } from './world.ts';

export interface SimulationReport {
  readonly seed: number;
  readonly wrong: readonly Wrong[];
  readonly figures: Readonly<Record<string, number>>;
  /** How many leads ended how. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** What happened, as the audit log and the API's record tell it. For a person who looks into a seed. */
  story(): string;
}

const troubleMs = 180_000;
/** After the last trouble everything must have come to rest within this, by the simulated clock. */
const restWithinMs = 3_600_000;

/** One world from its seed to its end: the same seed, the same world. */
export async function simulate(
  seed: number,
  options: {
    readonly without?: readonly Safeguard[];
    /** The operator replays updates, too, that the API has refused. */
    readonly replaysRefusedUpdates?: boolean;
  } = {},
): Promise<SimulationReport> {
  const without = new Set(options.without);
  const random = createRandom(seed);
  const world = createWorld(random);
  const ledger = createMemoryLedger(() => world.now(), new Set([...without].filter(isOfTheLedger)));
  const { tables } = ledger;
  const api = createRemoteApi(world, tables);
  const around: Surroundings = {
    world,
    ledger,
    api,
    queue: createSimulatedQueue(world),
    partners: [aPartner({ id: 'plain' }), aPartner({ id: 'dated' })],
    without,
    leader: null,
  };
  const temper = random.chance(0.7) ? 'careful' : 'careless';
  const wrong: Wrong[] = [];
  api.onCreate = (lead) => {
    const verdict = judgeCreate(api, tables, temper, lead);
    if (verdict !== null) wrong.push(verdict);
  };
  api.faults = random.between(0.05, 0.7);
  world.brokenConnections = random.between(0, 0.03);

  return inOwnTime(world, async () => {
    const delivered = deliverFiles(around, troubleMs / 2);
    const nemesis = unleashNemesis(around, random.whole(1, 3));
    const operator = seatOperator(around, temper, {
      replaysRefusedUpdates: options.replaysRefusedUpdates ?? false,
    });
    await world.play(() => wrong.length > 0, troubleMs);
    nemesis.heal();
    operator.cleanUp();
    const isAtRest = await world.play(() => wrong.length > 0 || atRest(tables), troubleMs + restWithinMs);
    if (wrong.length === 0) wrong.push(...checkTruth(around, delivered, temper, isAtRest));
    return {
      seed,
      wrong,
      figures: {
        ...world.figures,
        rows: tables.rows.size,
        creates: api.created.length,
        updates: api.applied.length,
        doubts: tables.audit.filter((entry) => entry.to === 'in_doubt').length,
        outages: tables.audit.filter((entry) => entry.action === 'api.breaker_opened').length,
        sentAgain: tables.audit.filter((entry) => entry.action === 'row.resolved_send_again').length,
      },
      outcomes: outcomesOf(tables),
      story: () => storyOf(api, tables),
    };
  });
}

/** Nothing is left to do for anybody, and every file's result is issued as it is now. */
function atRest(tables: Tables): boolean {
  return (
    restless(tables).length === 0 &&
    [...tables.files.values()].every((file) => file.state === 'settled') &&
    tables.ended.length === 0
  );
}
