import type { FaultCode } from '../domain/faults.ts';
import type { FileKind } from '../domain/file-life.ts';
import type { FieldRule } from '../domain/lead.ts';
import { mapHeader } from '../domain/map-header.ts';
import type { Partner } from '../domain/partner.ts';
import { createFileSurvey, type FileSurvey } from './file-survey.ts';
import type { FileRecord, RecordReader } from './ports/record-reader.ts';

export interface CheckPorts {
  readonly records: RecordReader;
  /** The contract's. */
  readonly rules: readonly FieldRule[];
}

/** A file that intake would turn away as a whole. */
export interface RefusedFile {
  readonly kind: 'refused';
  readonly code: FaultCode;
  readonly detail: Readonly<Record<string, string | number>>;
  /** Null where it could not be read. */
  readonly header: readonly string[] | null;
}

export interface SurveyedFile extends FileSurvey {
  readonly kind: 'surveyed';
  readonly encoding: string;
  /** How sure the encoding is; null where the config names it. */
  readonly confidence: string | null;
  readonly delimiter: string;
}

export type FileCheck = RefusedFile | SurveyedFile;

/**
 * Reads a file as intake would and says what would become of it before the first call. Nothing is written and nothing is
 * sent; memory stays the same however long the file is. `seen` is told of every record.
 */
export async function checkPartnerFile(
  { records, rules }: CheckPorts,
  { path, partner, kind }: { readonly path: string; readonly partner: Partner; readonly kind: FileKind },
  seen: (record: FileRecord) => void = () => undefined,
): Promise<FileCheck> {
  const opened = await records.open(path, partner.files[kind] ?? { match: '*.csv' }, partner.limits);
  if ('fault' in opened) return { kind: 'refused', code: opened.fault, detail: opened.detail, header: null };
  const names = rules.map(({ name }) => name);
  const mapped = mapHeader(opened.header, partner, kind, names);
  if (mapped.kind === 'fault') {
    const detail = { columns: mapped.columns.join(', ') };
    return { kind: 'refused', code: mapped.code, detail, header: opened.header };
  }
  const survey = createFileSurvey({ header: opened.header, columns: mapped.columns, partner, kind, rules });
  for await (const record of opened.records) {
    survey.add(record);
    seen(record);
  }
  return {
    kind: 'surveyed',
    encoding: opened.encoding,
    confidence: opened.finding?.confidence ?? null,
    delimiter: opened.delimiter,
    ...survey.result(),
  };
}
