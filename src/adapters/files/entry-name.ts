import { isUtf8 } from 'node:buffer';

/**
 * The name of a folder's entry as text that is safe to show and to make paths of. Bytes that are not UTF-8 are read as
 * Windows-1252, which is what old exporters write; what could break a line, turn its direction or lead out of a folder
 * becomes `_`.
 */
export function safeName(raw: Buffer): string {
  const text = isUtf8(raw) ? raw.toString() : new TextDecoder('windows-1252').decode(raw);
  return text.replaceAll(/[\p{Cc}/\\\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]/gu, '_');
}

/** Programs that upload give a file its own name, or move it out of a folder of theirs, when it is complete. */
const uploading =
  /\.(part|partial|filepart|tmp|temp|crdownload|download|opdownload|uploading|writing)$|^(tmp|temp|staging|uploads?|uploading|partial)$/i;

/** Dot-files, backups and locks of editors (`x.csv~`, `~$x.csv`), and what Windows and storage systems leave in folders. */
const notMeant =
  /^\.|^~|~$|\.swp$|^(thumbs\.db|desktop\.ini|lost\+found|@eadir|#recycle|#snapshot|\$recycle\.bin|system volume information)$/i;

/** What a name says of a file or a folder: meant for us, not complete yet, or never meant for us. */
export function meaningOfName(name: string): 'meant' | 'uploading' | 'not_meant' {
  if (notMeant.test(name)) return 'not_meant';
  return uploading.test(name) ? 'uploading' : 'meant';
}
