import { noCompanions, type CompanionRules } from '../domain/companion-file.ts';
import { acceptFile, finishRejecting, type AcceptPorts } from './accept-file.ts';
import { createInboxNotes, type Stuck } from './note-inboxes.ts';
import { createNotKeptNotes, type NotKept } from './note-not-kept.ts';
import type { FoundFile } from './ports/folders.ts';
import { systemCode } from './system-code.ts';

export type IntakePorts = AcceptPorts & { readonly instance: string };

/** What is nobody's work is looked for at these ticks: claims that a crash left behind, what was put away by half, late writes. */
const isTimeToTidy = (tick: number): boolean => tick === 10 || tick % 20 === 0;

/**
 * Watches the inboxes: each tick takes in what has arrived whole. Safe to run in several processes: a file is claimed by
 * one rename. A file or a folder that fails is told, and the others go on; the tick ends with the first error there was.
 */
export function createIntake(ports: IntakePorts): { tick(): Promise<number> } {
  const { folders } = ports;
  const options = { actor: ports.instance };
  const noteInboxes = createInboxNotes(ports);
  const noteNotKept = createNotKeptNotes(ports);
  let ticks = 0;
  let seenBefore: ReadonlySet<string> = new Set();

  function rulesOf(partner: string): CompanionRules {
    const files = ports.partners.get(partner)?.files;
    return files === undefined ? noCompanions : { done: files.done ?? null, checksum: files.checksum ?? null };
  }

  /** Only what was there at the look before, too: a file is also claimed and not yet taken in while somebody is at it. */
  async function takeLeftBehind(attempt: Attempt): Promise<void> {
    const claimed = await folders.listClaimed();
    const halfPutAway = await folders.listHalfPutAway();
    const failed: NotKept[] = [];
    for (const file of claimed.filter(
      ({ path, partner }) => seenBefore.has(path) && !ports.partners.isBroken(partner),
    )) {
      const error = await attempt(async () => {
        await acceptFile(ports, await folders.gatherCompanions(file, rulesOf(file.partner)), options);
      });
      if (error !== null) failed.push({ partner: file.partner, error });
    }
    for (const { file, to, fileId } of halfPutAway) {
      if (!seenBefore.has(file.path)) continue;
      const error = await attempt(() =>
        to === 'archived' ? folders.archive(file, fileId) : finishRejecting(ports, file, fileId),
      );
      if (error !== null) failed.push({ partner: file.partner, error });
    }
    await attempt(() => noteNotKept(failed));
    seenBefore = new Set([...claimed, ...halfPutAway.map(({ file }) => file)].map(({ path }) => path));
  }

  async function takeIn(ready: readonly FoundFile[], attempt: Attempt) {
    const stuck = new Map<string, Stuck>();
    let taken = 0;
    for (const found of ready) {
      // Turned away, they would all have to be sent again for a slip of ours.
      if (ports.partners.isBroken(found.partner)) {
        countStuck(stuck, found.partner, 'CONFIG_PARTNER_INVALID');
        continue;
      }
      const claimed = await folders.claim(found).catch((error: unknown) => {
        countStuck(stuck, found.partner, systemCode(error));
        return null;
      });
      if (claimed === null) continue;
      await attempt(() => acceptFile(ports, claimed, options));
      taken += 1;
    }
    return { taken, stuck };
  }

  return {
    async tick() {
      const errors: unknown[] = [];
      const attempt: Attempt = async (work) => {
        try {
          await work();
          return null;
        } catch (error) {
          errors.push(error);
          return error;
        }
      };
      if (isTimeToTidy(ticks)) {
        await attempt(() => takeLeftBehind(attempt));
        await attempt(() => folders.returnLateWrites());
      }
      ticks += 1;
      const look = await folders.scan(rulesOf);
      const { taken, stuck } = await takeIn(look.ready, attempt);
      await attempt(() => noteInboxes(look.folders, stuck));
      if (errors.length > 0) throw errors[0];
      return taken;
    },
  };
}

function countStuck(stuck: Map<string, Stuck>, partner: string, trouble: string): void {
  stuck.set(partner, { files: (stuck.get(partner)?.files ?? 0) + 1, trouble });
}

/** Answers what went wrong; null: nothing. */
type Attempt = (work: () => Promise<unknown>) => Promise<unknown>;
