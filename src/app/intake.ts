import { acceptFile, type AcceptPorts } from './accept-file.ts';

/** Claimed files that nobody works on are looked for so often: a crash, or a second copy of a file that was being read. */
const leftBehindEvery = 20;

/** Watches the inboxes: each tick takes in what has arrived whole. Safe to run in several processes: a file is claimed by one rename. */
export function createIntake(ports: AcceptPorts & { readonly instance: string }): { tick(): Promise<number> } {
  const options = { actor: ports.instance };
  let ticks = 0;
  return {
    async tick() {
      let taken = 0;
      if (ticks++ % leftBehindEvery === 0) {
        for (const claimed of await ports.folders.listClaimed()) await acceptFile(ports, claimed, options);
      }
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
