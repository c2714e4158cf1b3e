import { ConfigFault } from '../domain/config-fault.ts';

/** A kept file does not open any more, by anybody. */
export function isBrokenSeal(error: unknown): boolean {
  return error instanceof ConfigFault && error.code === 'FILE_SEAL_BROKEN';
}
