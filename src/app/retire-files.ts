import type { KeptFiles } from './ports/kept-files.ts';
import { retentionOf, type RetirePorts } from './retire-rows.ts';
import { systemCode } from './system-code.ts';

export type RetireFilesPorts = RetirePorts & { readonly kept: KeptFiles };

/** What stands on this host for a file of the ledger. */
interface Standing {
  readonly partner: string;
  readonly fileId: string;
  readonly what: 'bytes' | 'results';
  remove(): Promise<void>;
}

const askedAtOnce = 500;

/** Each that fails has an entry in the audit log, and fails again at the next turn. */
const mostFailures = 10;

/** How many of both are on this host and past their time. Nothing is taken away. */
export async function countFilesPast(ports: RetireFilesPorts): Promise<{ bytes: number; results: number }> {
  const counts = { bytes: 0, results: 0 };
  for await (const { past } of standingPast(ports)) for (const { what } of past) counts[what] += 1;
  return counts;
}

/**
 * Takes away what is kept or was issued of files on this host and is past its time: first it is written down, so a kill
 * leaves a note too many and never a file that is gone without one. Files with rows at work or in doubt stay whole. What
 * can't be taken away keeps no other; `failed` has the system's code for each.
 */
export async function retireFiles(
  ports: RetireFilesPorts,
  actor: string,
): Promise<{ readonly bytes: number; readonly results: number; readonly failed: readonly string[] }> {
  const counts = { bytes: 0, results: 0 };
  const failed: string[] = [];
  for await (const { past, keepMs } of standingPast(ports)) {
    // A result has a manifest beside it: one note is enough.
    let noted = { fileId: '', isPast: false };
    let failures = 0;
    for (const { fileId, what, remove } of past) {
      if (failures === mostFailures) break;
      if (noted.fileId !== fileId)
        noted = { fileId, isPast: await ports.retention.noteRemoval({ fileId, what, keepMs }, actor) };
      if (!noted.isPast) continue;
      try {
        await remove();
        counts[what] += 1;
      } catch (error) {
        failures += 1;
        failed.push(systemCode(error));
      }
    }
  }
  return { ...counts, failed };
}

/** By partner and place. */
async function* standingPast(
  ports: RetireFilesPorts,
): AsyncGenerator<{ readonly past: readonly Standing[]; readonly keepMs: number }> {
  for (const standing of [await bytesHere(ports), await resultsHere(ports)]) {
    for (const [partner, all] of Map.groupBy(standing, (one) => one.partner)) {
      const rules = retentionOf(ports, partner);
      if (rules === null) continue;
      const keepMs = all[0]?.what === 'bytes' ? rules.archiveMs : rules.resultsMs;
      const past: Standing[] = [];
      for (let at = 0; at < all.length; at += askedAtOnce) {
        const some = all.slice(at, at + askedAtOnce);
        const ids = [...new Set(some.map(({ fileId }) => fileId))];
        const pastIds = new Set(await ports.retention.filesPast(partner, ids, keepMs));
        past.push(...some.filter(({ fileId }) => pastIds.has(fileId)));
      }
      yield { past: past.toSorted(byFile), keepMs };
    }
  }
}

function byFile(one: Standing, other: Standing): number {
  return Number(one.fileId) - Number(other.fileId);
}

/** Claimed files are at work, and the second names beside them go by themselves. */
async function bytesHere({ kept }: RetireFilesPorts): Promise<readonly Standing[]> {
  const files = await Array.fromAsync(kept.list());
  return files.flatMap((file) =>
    file.fileId === null || (file.place !== 'archive' && file.place !== 'rejected')
      ? []
      : [{ partner: file.partner, fileId: file.fileId, what: 'bytes' as const, remove: () => kept.retire(file) }],
  );
}

async function resultsHere({ kept }: RetireFilesPorts): Promise<readonly Standing[]> {
  const issued = await Array.fromAsync(kept.listIssued());
  return issued.map(({ partner, fileId, path }) => ({
    partner,
    fileId,
    what: 'results' as const,
    remove: () => kept.remove({ path, place: 'archive' }),
  }));
}
