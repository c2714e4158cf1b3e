import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fairShares, placesFor, type PlaceHolder } from '../../src/domain/share-places.ts';

const shares = (limit: number, wants: Record<string, number>, turn = 0): Record<string, number> =>
  Object.fromEntries(fairShares(limit, new Map(Object.entries(wants)), turn));

describe('fair shares', () => {
  it('give equal parts, nobody more than it wants, and the rest to those who want more', () => {
    expect(shares(4, { a: 4 })).toEqual({ a: 4 });
    expect(shares(4, { a: 4, b: 4 })).toEqual({ a: 2, b: 2 });
    expect(shares(10, { a: 1, b: 20, c: 20 })).toEqual({ a: 1, b: 5, c: 4 });
    expect(shares(8, { a: 3, b: 0, c: 2 })).toEqual({ a: 3, b: 0, c: 2 });
  });

  it('give every process a place in its time where there are more processes than places', () => {
    const names = Array.from({ length: 7 }, (_, n) => `p${n}`);
    const wants = Object.fromEntries(names.map((name) => [name, 4]));
    const had = names.map((name) => [0, 1, 2, 3, 4, 5, 6].filter((turn) => shares(3, wants, turn)[name] === 1).length);
    expect(had).toEqual(names.map(() => 3));
  });

  it('never hand out more than there is, nor keep back what somebody wants', () => {
    const wants = fc.dictionary(fc.stringMatching(/^[a-z]{1,3}$/), fc.nat(30), { maxKeys: 12 });
    fc.assert(
      fc.property(fc.nat(40), wants, fc.nat(), (limit, wanted, turn) => {
        const given = shares(limit, wanted, turn);
        const sum = Object.values(given).reduce((total, n) => total + n, 0);
        const asked = Object.values(wanted).reduce((total, n) => total + n, 0);
        expect(sum).toBe(Math.min(limit, asked));
        for (const [name, n] of Object.entries(given)) expect(n).toBeLessThanOrEqual(wanted[name] ?? 0);
        const hungry = Object.keys(given).filter((name) => (given[name] ?? 0) < (wanted[name] ?? 0));
        const parts = hungry.map((name) => given[name] ?? 0);
        expect(Math.max(0, ...parts) - Math.min(...parts, Infinity)).toBeLessThanOrEqual(1);
      }),
      { numRuns: 500 },
    );
  });
});

describe('the places of a process', () => {
  const holder = (instance: string, places: number, wants: number, silentMs = 0): PlaceHolder => ({
    instance,
    places,
    wants,
    silentMs,
  });
  const rule = { limit: 4, turn: 0, deadAfterMs: 20_000 };

  it('go up as far as the others have left some free', () => {
    expect(placesFor({ instance: 'b', underWay: 0, wants: 4 }, [holder('a', 4, 4)], rule).places).toBe(0);
    expect(placesFor({ instance: 'b', underWay: 0, wants: 4 }, [holder('a', 3, 4)], rule).places).toBe(1);
  });

  it('come down to the share, but not below the calls that are under way', () => {
    const all = [holder('a', 4, 4), holder('b', 0, 4)];
    expect(placesFor({ instance: 'a', underWay: 4, wants: 4 }, all, rule)).toMatchObject({ places: 4, share: 2 });
    expect(placesFor({ instance: 'a', underWay: 3, wants: 4 }, all, rule).places).toBe(3);
    expect(placesFor({ instance: 'a', underWay: 0, wants: 4 }, all, rule).places).toBe(2);
    expect(placesFor({ instance: 'a', underWay: 0, wants: 0 }, all, rule).places).toBe(0);
  });

  it('of a process that has been silent for long are free, its own as well', () => {
    const all = [holder('a', 4, 4, 20_000)];
    expect(placesFor({ instance: 'b', underWay: 0, wants: 4 }, all, rule)).toEqual({ places: 4, share: 4, others: [] });
    expect(placesFor({ instance: 'a', underWay: 4, wants: 4 }, [...all, holder('b', 4, 4)], rule).places).toBe(0);
  });

  it('never are more in all than the limit, whoever looks in whatever order', () => {
    const step = fc.record({ who: fc.nat(4), wants: fc.nat(8), underWay: fc.nat(8), turn: fc.nat(9) });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.array(step, { maxLength: 60 }), (limit, steps) => {
        const all = new Map<string, PlaceHolder>();
        for (const { who, wants, underWay, turn } of steps) {
          const instance = `p${who}`;
          const held = all.get(instance)?.places ?? 0;
          // A call is under way on a place only.
          const me = { instance, underWay: Math.min(underWay, held), wants };
          const { places } = placesFor(me, [...all.values()], { limit, turn, deadAfterMs: 20_000 });
          expect(places).toBeGreaterThanOrEqual(me.underWay);
          all.set(instance, holder(instance, places, wants));
          expect([...all.values()].reduce((sum, one) => sum + one.places, 0)).toBeLessThanOrEqual(limit);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
