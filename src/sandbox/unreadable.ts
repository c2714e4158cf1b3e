import { STATUS_CODES } from 'node:http';

/** A request that does not get as far as an endpoint, with the status that says why. */
export class Unreadable extends Error {
  readonly statusCode: 400 | 415;
  constructor(statusCode: 400 | 415, message: string) {
    super(message);
    this.name = 'Unreadable';
    this.statusCode = statusCode;
  }
}

/** The body of an answer to such a request. `statusCode` and `error` tell it from a refusal of the endpoint. */
export function unreadableBody(status: number, message: string) {
  return { statusCode: status, error: STATUS_CODES[status] ?? 'Error', message };
}
