import type { RecordReader } from '../app/ports/record-reader.ts';
import type { ConfigFault } from '../domain/config-fault.ts';
import type { FieldRule } from '../domain/lead.ts';
import type { Partner } from '../domain/partner.ts';
import type { PartnerProposal } from '../domain/propose-partner.ts';

/** One config as it stands in its folder now. */
export interface PartnerOnDisk {
  readonly id: string;
  /** Of the file, without its folder. */
  readonly name: string;
  readonly read: { readonly partner: Partner } | { readonly fault: ConfigFault };
}

/** What a draft is made from. */
export interface DraftSource {
  readonly id: string;
  /** The name of the sample, without its folder. */
  readonly fileName: string;
  readonly encoding: string;
  readonly isEncodingSure: boolean;
  readonly delimiter: string;
  readonly proposal: PartnerProposal;
}

/** The partner configs and a reader for samples: what `leadsync partner` works with, without a ledger and without the API. */
export interface PartnerDesk {
  readonly folder: string;
  /** Of reports. */
  readonly timeZone: string;
  /** The contract's fields. */
  readonly rules: readonly FieldRule[];
  readonly records: RecordReader;
  /** By name. A folder that is not there holds none; one that can't be seen throws a ConfigFault. */
  configs(): readonly PartnerOnDisk[];
  isPartnerId(id: string): boolean;
  /** A config as text, valid as it stands. */
  draft(source: DraftSource): string;
  /** Where the config of a partner is or would be. */
  pathOf(id: string): string;
  /** False, and nothing is written, where there is one and it is not to be replaced. */
  write(id: string, text: string, options: { readonly replace: boolean }): Promise<boolean>;
  /** The JSON Schema of a config, for the contract in force. */
  schema(): object;
}
