/** Every reading of this process's wall clock is off by so much. Timers and the monotonic clock are not. */
export function shiftWallClock(byMs: number): void {
  const now = Date.now;
  const shifted = (): number => now() + byMs;
  globalThis.Date = new Proxy(Date, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [shifted()] : args, newTarget) as object,
    get: (target, name) => (name === 'now' ? shifted : (Reflect.get(target, name) as unknown)),
  });
}
