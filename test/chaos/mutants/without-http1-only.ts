import type { Mutant } from './mutant.ts';

/** HTTP/2 is spoken where the server offers it, and a stream that it calls refused is sent a second time by undici itself. */
export const withoutHttp1Only: Mutant = {
  name: 'allowH2: false',
  path: 'src/adapters/leads-api/transport.ts',
  before: '...tls, allowH2: false });',
  after: '...tls, allowH2: true });',
  witness: { kind: 'chaos', cell: 'refusing http/2', seeds: 2, rows: 200 },
};
