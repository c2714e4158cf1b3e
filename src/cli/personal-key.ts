import { readNif } from '../domain/nif.ts';
import { readPhone } from '../domain/phone.ts';
import { UsageFault } from './usage-fault.ts';

/**
 * What kind of personal value a key looks like, or null. Arguments stand in the shell's history and in the list of
 * processes, so such a key is refused there.
 */
export function personalKey(key: string): 'a NIF' | 'a phone number' | 'an e-mail address' | null {
  if (/\S@\S/.test(key)) return 'an e-mail address';
  // Shorter texts are ids of CRMs: reading pads them with zeros and would find a NIF in one of 23.
  if (key.replaceAll(/[^\da-z]/gi, '').length >= 9 && readNif(key).kind === 'nif') return 'a NIF';
  return readPhone(key).kind === 'phone' ? 'a phone number' : null;
}

/** An option for a personal value, which is asked for: throws UsageFault for one that was typed, without repeating it. */
export function mustBeAskedFor(option: string, typed: string | undefined): void {
  if (typed !== undefined && typed !== '-')
    throw new UsageFault(`${option}: expected - (the value is asked for, or read from standard input); got a value`);
}
