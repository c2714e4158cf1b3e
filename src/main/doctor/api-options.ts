import { InvalidArgumentError } from 'commander';
import { UsageFault } from '../../cli/usage-fault.ts';

/** What `leadsync doctor` may be told about the API, as typed. */
export interface ApiOptions {
  readonly api?: boolean;
  readonly write?: boolean;
  readonly reallyWrite?: boolean;
  readonly yes?: boolean;
  readonly nif?: string;
  readonly agent?: string;
  readonly name?: string;
  readonly field?: Readonly<Record<string, string>>;
}

/** `--field NAME=VALUE`, any number of times. */
export function addField(text: string, fields: Readonly<Record<string, string>> = {}): Record<string, string> {
  const [, name, value] = /^(\w+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError('expected NAME=VALUE');
  return { ...fields, [name]: value };
}

/** Throws a UsageFault for options that make no sense together, before anything is asked or sent. */
export function checkApiOptions(options: ApiOptions): void {
  const { api, write, nif } = options;
  const writing = ['reallyWrite', 'yes', 'agent', 'name', 'field'] as const;
  const [alone] = writing.filter((option) => options[option] !== undefined && write !== true);
  if (write === true && api !== true) throw new UsageFault('--write: expected --api with it');
  if (alone !== undefined) throw new UsageFault(`--${dashed(alone)}: expected --api --write with it`);
  if (nif === undefined) return;
  if (api !== true) throw new UsageFault('--nif: expected --api with it');
  // Arguments stand in the history of the shell and in the list of processes; so the value is not repeated here, either.
  if (nif !== '-') throw new UsageFault('--nif: expected -, and the NIF when asked or on standard input');
}

/**
 * Fields of the test lead by our names. Throws a UsageFault for one that `known` doesn't have, for a NIF, and for a name
 * that nobody could tell from a person's.
 */
export function readLeadFields(options: ApiOptions, known: readonly string[], mark: string): Record<string, string> {
  const { agent, name, field = {} } = options;
  const fields = {
    ...field,
    ...(agent === undefined ? {} : { agenteId: agent }),
    ...(name === undefined ? {} : { name }),
  };
  if ('dni' in fields) throw new UsageFault('--field dni: expected --nif - instead');
  const unknown = Object.keys(fields).find((one) => !known.includes(one));
  if (unknown !== undefined) throw new UsageFault(`--field ${unknown}: expected one of ${known.join(', ')}`);
  if (fields.name !== undefined && !fields.name.startsWith(mark)) {
    throw new UsageFault(`--name: expected a text that begins with "${mark}", so that nobody calls the lead`);
  }
  return fields;
}

function dashed(option: string): string {
  return option.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
