import type { Check } from '../check.ts';
import { observed } from '../verdict.ts';

const dayMs = 24 * 3_600_000;
const distrust = /CERT|UNABLE_TO|SELF_SIGNED/;
const whenUnreached = 'LEADS_API_URL: host and port; a firewall between here and there';

/** A proxy that asks for credentials says 407, and most say 403 for a host that they don't let through. */
function whenRefused(got: string): string {
  return got.endsWith('407')
    ? 'LEADS_API_PROXY: user and password in it'
    : 'LEADS_API_URL: host and port; nothing else here: ask who runs the proxy to let them through by CONNECT';
}

/** Proxy, name, connection, TLS. No call is made. */
export const reachability: readonly Check[] = [
  {
    name: 'reachability.proxy',
    level: 'must',
    spec: null,
    calls: 0,
    async run(deployment) {
      const { proxy } = await deployment.connection();
      if (proxy === null) return observed('a proxy, if one is configured', 'none: calls go straight to the API');
      const { host, port, reached } = proxy;
      const expected = `a connection to the proxy ${host}, port ${port}`;
      if ('failure' in reached) {
        const set = `LEADS_API_PROXY: scheme, host and port${distrust.test(reached.failure) ? '; LEADS_API_TLS_CA: the authority of its certificate' : ''}`;
        return { result: 'fail', expected, got: reached.failure, set };
      }
      const got = `calls go through ${host}, port ${port}: connected in ${Math.ceil(reached.connectMs)} ms`;
      return { result: 'pass', expected, got, set: null };
    },
  },
  {
    name: 'reachability.name',
    level: 'must',
    spec: null,
    needs: 'reachability.proxy',
    calls: 0,
    async run(deployment) {
      const { host, addresses } = await deployment.connection();
      const expected = `an address for ${host}`;
      if (addresses === null) return observed(expected, 'not looked up here: the proxy does it');
      if ('failure' in addresses) {
        return { result: 'fail', expected, got: addresses.failure, set: 'LEADS_API_URL, or the name server' };
      }
      return { result: 'pass', expected, got: addresses.join(', '), set: null };
    },
  },
  {
    name: 'reachability.connects',
    level: 'must',
    spec: null,
    needs: 'reachability.name',
    calls: 0,
    async run(deployment) {
      const { host, port, proxy, tcp } = await deployment.connection();
      const expected = `a connection to ${host}, port ${port}${proxy === null ? '' : ', through the proxy'}`;
      if (tcp === null || 'failure' in tcp) {
        const got = tcp?.failure ?? 'not tried';
        return { result: 'fail', expected, got, set: proxy === null ? whenUnreached : whenRefused(got) };
      }
      return { result: 'pass', expected, got: `connected in ${Math.ceil(tcp.connectMs)} ms`, set: null };
    },
  },
  {
    name: 'reachability.trusted',
    level: 'must',
    spec: null,
    needs: 'reachability.connects',
    calls: 0,
    async run(deployment) {
      const { tls } = await deployment.connection();
      const expected = 'a certificate that is trusted and names the host';
      if (tls === null) return observed(expected, 'no TLS: the URL says http');
      if ('failure' in tls) {
        return {
          result: 'fail',
          expected,
          got: tls.failure,
          set: 'LEADS_API_TLS_CERT and _KEY, if the API asks for ours',
        };
      }
      if (tls.distrust !== null) {
        return { result: 'fail', expected, got: tls.distrust, set: 'LEADS_API_TLS_CA: the authority that signed it' };
      }
      return { result: 'pass', expected, got: `trusted, ${tls.chainLength} in the chain`, set: null };
    },
  },
  {
    name: 'reachability.protocol',
    level: 'seen',
    spec: null,
    needs: 'reachability.trusted',
    calls: 0,
    async run(deployment) {
      const { tls } = await deployment.connection();
      const got = tls === null || 'failure' in tls ? 'no TLS' : `${tls.protocol}, ${tls.cipher}`;
      return observed('the version of TLS', got);
    },
  },
  {
    name: 'reachability.certificate',
    level: 'seen',
    spec: null,
    needs: 'reachability.trusted',
    calls: 0,
    async run(deployment) {
      const { tls } = await deployment.connection();
      const expected = 'how long the certificate lasts';
      if (tls === null || 'failure' in tls) return observed(expected, 'no TLS');
      const days = Math.floor((tls.validTo.getTime() - Date.now()) / dayMs);
      const set = days < 30 ? 'nothing here: ask the API team when they renew it' : null;
      const got = `${tls.subject}, by ${tls.issuer}, until ${tls.validTo.toISOString().slice(0, 10)} (${days} days)`;
      return observed(expected, got, set);
    },
  },
];
