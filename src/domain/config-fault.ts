import type { FaultCode } from './faults.ts';

/** A setting or a surrounding that keeps the program from starting. The only exception that ends with exit 2 and a sentence instead of a stack trace. */
export class ConfigFault extends Error {
  override readonly name = 'ConfigFault';
  readonly code: FaultCode;

  constructor(code: FaultCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
