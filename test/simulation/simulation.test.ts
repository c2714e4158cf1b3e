import { describe, expect, it } from 'vitest';
import { safeguards, type Safeguard } from './safeguard.ts';
import { simulate, type SimulationReport } from './simulate.ts';

/** `node test/simulation/run.ts --seeds 20000` plays the long form, and one seed alone. */
const seeds = 300;
/** Without a safeguard a wrong world must come within so many. */
const redWithin = 5_000;
/** Some matter in one world of a thousand: near here there is one, as long as nothing else draws another lot. */
const lookFrom: Readonly<Record<string, number>> = {
  compare_and_set: 1_600,
  sent_updates_first: 6_100,
};

async function play(many: number, options: Parameters<typeof simulate>[1]): Promise<readonly SimulationReport[]> {
  const reports: SimulationReport[] = [];
  for (let seed = 1; seed <= many; seed += 1) reports.push(await simulate(seed, options));
  return reports;
}

async function firstWrongWithout(safeguard: Safeguard): Promise<SimulationReport | null> {
  const from = lookFrom[safeguard] ?? 1;
  for (let seed = from; seed < from + redWithin; seed += 1) {
    const report = await simulate(seed, { without: [safeguard] });
    if (report.wrong.length > 0) return report;
  }
  return null;
}

describe('leads and updates through crashes, pauses, outages and a lying API', () => {
  it('are created once, never lost and never left behind', { timeout: 300_000 }, async () => {
    const reports = await play(seeds, {});
    expect(reports.filter((report) => report.wrong.length > 0).map(({ seed, wrong }) => ({ seed, wrong }))).toEqual([]);
    // A simulation in which nothing happens proves nothing.
    const sum = (name: string): number => reports.reduce((total, { figures }) => total + (figures[name] ?? 0), 0);
    expect(sum('crashes')).toBeGreaterThan(seeds);
    expect(sum('pauses')).toBeGreaterThan(seeds);
    expect(sum('doubts')).toBeGreaterThan(seeds / 2);
    expect(sum('sentAgain')).toBeGreaterThan(seeds / 10);
  });

  it('end the same when a seed is played again', async () => {
    const [once, again] = [await simulate(7), await simulate(7)];
    expect(again.figures).toEqual(once.figures);
    expect(again.story()).toBe(once.story());
  });
});

describe('without the safeguard', () => {
  it.each(safeguards)('%s something goes wrong, and the checker sees it', { timeout: 300_000 }, async (safeguard) => {
    expect(await firstWrongWithout(safeguard)).not.toBeNull();
  });
});
