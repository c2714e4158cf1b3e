import { createHash } from 'node:crypto';
import { previewReread, type RereadChange } from '../../app/reread-file.ts';
import { faults } from '../../domain/faults.ts';
import { notDone, type DeedEnd } from '../acts/deed.ts';
import type { ConsolePorts } from '../ports.ts';
import { refusedFile } from './do-to-file.ts';

export interface RereadLook {
  readonly changes: readonly RereadChange[];
  /** The newest thing that was done to the file when it was looked at. */
  readonly lastEvent: string;
}

/** What reading a file again would change. Its bytes have to be on this host. */
export async function lookAtReread(ports: ConsolePorts, id: string, timeZone: string): Promise<DeedEnd<RereadLook>> {
  const lastEvent = await ports.fileClaims.lastEvent(id);
  const preview = await previewReread({ ...ports, folders: ports.ownFolders }, id);
  switch (preview.kind) {
    case 'refused':
      return refusedFile(ports, preview, { wish: 'reread', timeZone });
    case 'unreadable': {
      const { code } = preview;
      return notDone('not_possible', `The mapping in force can not read file ${id}: ${code}. ${faults[code].means}`);
    }
    case 'looked':
      return { kind: 'done', changes: preview.changes, lastEvent };
  }
}

/** Tells what was shown from what would change by now, and from what would change a file that has moved on. */
export function tokenOf({ changes, lastEvent }: RereadLook): string {
  const lines = changes.map(({ from, to, code, rows }) => JSON.stringify([from, to, code, rows]));
  const digest = createHash('sha256').update(lines.toSorted().join('\n')).digest('base64url').slice(0, 22);
  return `${lastEvent}.${digest}`;
}

/** Was nothing done to the file since it was shown, whatever has become of its rows? */
export function isSameFile({ lastEvent }: RereadLook, shown: string): boolean {
  return shown.startsWith(`${lastEvent}.`);
}
