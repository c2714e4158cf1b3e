import { maskPersonal } from '../../domain/mask-personal.ts';
import { fileJson } from '../../view/file-json.ts';
import type { NamedFile } from '../../view/take-stock.ts';

/** A file as scripts see it; what is personal in its name is masked. */
export function shownFile(file: NamedFile) {
  return fileJson({ ...file, text: maskPersonal(file.text) });
}
