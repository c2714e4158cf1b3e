import type { Check } from '../check.ts';
import { describeExchange } from '../exchange.ts';
import { settingFor } from '../setting-for.ts';
import { observed, skipped } from '../verdict.ts';

/** Whether we are let in, and whether others would be. The client data call made here is the one that later checks read. */
export const authentication: readonly Check[] = [
  {
    name: 'authentication.token',
    level: 'must',
    spec: null,
    needs: 'reachability.trusted',
    calls: 0,
    async run(deployment) {
      const expected = 'a token from the token endpoint';
      const { kind } = deployment.options.auth;
      if (kind !== 'oauth2') return observed(expected, `no token in mode ${kind}`);
      const startedAt = performance.now();
      const got = await deployment.credentials();
      if (got.kind === 'credentials') {
        return { result: 'pass', expected, got: `within ${Math.ceil(performance.now() - startedAt)} ms`, set: null };
      }
      return {
        result: 'fail',
        expected,
        got: got.httpStatus === null ? 'no answer' : `HTTP ${got.httpStatus}, without a token`,
        set: got.certificate
          ? 'LEADS_API_TLS_CA'
          : 'LEADS_API_TOKEN_URL, LEADS_API_CLIENT_ID, _CLIENT_SECRET, _SCOPE, LEADS_API_TOKEN_CREDENTIALS',
      };
    },
  },
  {
    name: 'authentication.accepted',
    level: 'must',
    spec: null,
    needs: 'authentication.token',
    calls: 1,
    async run(deployment) {
      const { auth, contract, subject } = deployment.options;
      const { nif } = subject;
      const exchange = await deployment.send('clientData', contract.toRequest.clientData(nif), { about: nif });
      const expected = auth.kind === 'none' ? 'no credentials asked for' : 'our credentials accepted';
      const { outcome, httpStatus } = exchange;
      const isRefused = outcome.kind === 'halted' && outcome.code === 'API_HALTED_CREDENTIALS';
      if (isRefused || httpStatus === null) {
        return { result: 'fail', expected, got: describeExchange(exchange), set: settingFor(exchange) };
      }
      return { result: 'pass', expected, got: `HTTP ${httpStatus}`, set: null };
    },
  },
  {
    name: 'authentication.required',
    level: 'seen',
    spec: null,
    needs: 'authentication.accepted',
    calls: 1,
    async run(deployment) {
      const expected = 'a call without credentials is refused';
      const { auth, contract } = deployment.options;
      if (auth.kind === 'none') return skipped(expected, 'LEADS_API_AUTH is none');
      // An empty NIF: whoever answers strangers is told nothing about anybody.
      const exchange = await deployment.send('clientData', contract.toRequest.clientData(''), {
        withCredentials: false,
      });
      const { httpStatus, headers } = exchange;
      if (httpStatus === 401 || httpStatus === 403) {
        const challenge = headers['www-authenticate']?.split(' ')[0];
        return observed(
          expected,
          `refused: HTTP ${httpStatus}${challenge === undefined ? '' : `, WWW-Authenticate ${challenge}`}`,
        );
      }
      return observed(
        expected,
        `NOT refused: ${describeExchange(exchange)}`,
        'nothing here: tell the API team that their API answers strangers',
      );
    },
  },
];
