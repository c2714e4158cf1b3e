import { createHash } from 'node:crypto';
import { previewReread, type RereadChange } from '../../app/reread-file.ts';
import { faults } from '../../domain/faults.ts';
import { notDone, type DeedEnd } from '../acts/deed.ts';
import type { ConsolePorts } from '../ports.ts';
import { refusedFile } from './do-to-file.ts';

/** What reading a file again would change. Its bytes have to be on this host. */
export async function lookAtReread(
  ports: ConsolePorts,
  id: string,
  timeZone: string,
): Promise<DeedEnd<{ readonly changes: readonly RereadChange[] }>> {
  const preview = await previewReread({ ...ports, folders: ports.ownFolders }, id);
  switch (preview.kind) {
    case 'refused':
      return refusedFile(ports, preview, { wish: 'reread', timeZone });
    case 'unreadable': {
      const { code } = preview;
      return notDone('not_possible', `The mapping in force can not read file ${id}: ${code}. ${faults[code].means}`);
    }
    case 'looked':
      return { kind: 'done', changes: preview.changes };
  }
}

/** Tells what was shown from what would change by now. */
export function digestOfChanges(changes: readonly RereadChange[]): string {
  const lines = changes.map(({ from, to, code, rows }) => JSON.stringify([from, to, code, rows]));
  return createHash('sha256').update(lines.toSorted().join('\n')).digest('base64url').slice(0, 22);
}
