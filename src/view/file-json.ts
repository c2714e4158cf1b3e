import { fileProgress } from './file-progress.ts';
import type { NamedFile } from './take-stock.ts';

/** A file as scripts see it: names are promises. */
export function fileJson(file: NamedFile) {
  return {
    id: file.id,
    partner: file.partner,
    kind: file.kind,
    name: file.text,
    state: file.state,
    code: file.code,
    sameAs: file.sameAs,
    heldBecause: file.heldBecause,
    heldBack: file.heldBack,
    rows: file.counts,
    rowsByKind: file.countsByKind,
    share: fileProgress(file).share,
    arrivedAt: file.arrivedAt,
    dueAt: file.dueAt,
    waitsForRun: file.waitsForRun,
    night: file.night,
    settledAt: file.settledAt,
    resultVersion: file.resultVersion,
  };
}
