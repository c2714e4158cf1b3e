import { acceptFile, type AcceptPorts } from './accept-file.ts';

/** Claimed files that nobody works on are looked for so often: a crash, or a second copy of a file that was being read. */
const leftBehindEvery = 20;

/** Watches the inboxes: each tick takes in what has arrived whole. Safe to run in several processes: a file is claimed by one rename. */
export function createIntake(ports: AcceptPorts & { readonly instance: string }): { tick(): Promise<number> } {
  const options = { actor: ports.instance };
  let ticks = 0;
  let seenBefore: ReadonlySet<string> = new Set();

  /** Only what was there at the look before, too: a file is also claimed and not yet taken in while somebody is at it. */
  async function takeLeftBehind(): Promise<void> {
    const claimed = await ports.folders.listClaimed();
    for (const file of claimed) if (seenBefore.has(file.path)) await acceptFile(ports, file, options);
    seenBefore = new Set(claimed.map((file) => file.path));
  }

  return {
    async tick() {
      let taken = 0;
      // Soon after the start, then now and then.
      if (ticks < 2 || ticks % leftBehindEvery === 0) await takeLeftBehind();
      ticks += 1;
      const { ready } = await ports.folders.scan();
      for (const found of ready) {
        const claimed = await ports.folders.claim(found);
        if (claimed === null) continue;
        await acceptFile(ports, claimed, options);
        taken += 1;
      }
      return taken;
    },
  };
}
