import { Pool, ProxyAgent } from 'undici';
import type { Dispatcher } from 'undici';

/** The proxy answered our CONNECT with something else than 200: there was no way on which a request could have left. */
export class ProxyRefused extends Error {
  override readonly name = 'ProxyRefused';
  readonly httpStatus: number;

  constructor(httpStatus: number) {
    super(`the proxy answered CONNECT with ${httpStatus}`);
    this.httpStatus = httpStatus;
  }
}

export interface ProxyOptions {
  /** http:// or https://, with user and password where the proxy wants them; CONNECT alone carries them. */
  readonly url: string;
  /** PEM. The authorities to trust instead of Node's own, for an https:// proxy. */
  readonly ca?: string;
  /** For the connection to the proxy, for its answer to CONNECT and for TLS through the tunnel, each. */
  readonly connectTimeoutMs: number;
}

type PoolOptions = Omit<Pool.Options, 'connect' | 'factory'>;

/**
 * A pool of connections to one API through an HTTP proxy. Every request goes through a tunnel, http:// ones as well: a
 * proxy that carries bytes repeats no request, and the moment of writing is undici's own, exactly as without a proxy.
 */
export function createProxyPool(
  proxy: ProxyOptions,
  pool: PoolOptions,
  tls: Readonly<Record<string, string>>,
): Dispatcher {
  return new ProxyAgent({
    ...pool,
    uri: proxy.url,
    proxyTunnel: true,
    connectTimeout: proxy.connectTimeoutMs,
    requestTls: tls,
    proxyTls: { ...(proxy.ca === undefined ? {} : { ca: proxy.ca }), allowH2: false },
    clientFactory: (origin, options) =>
      new Pool(origin, {
        ...options,
        allowH2: false,
        // A proxy that never answers CONNECT would hold the connection's place for undici's five minutes.
        headersTimeout: proxy.connectTimeoutMs,
        bodyTimeout: proxy.connectTimeoutMs,
      }).compose(refusals),
  });
}

/** undici tells a refusal by its message alone. */
const refusals: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) =>
  dispatch(options, {
    onRequestStart: (...parts) => handler.onRequestStart?.(...parts),
    onRequestUpgrade(controller, status, headers, socket) {
      if (status === 200) {
        handler.onRequestUpgrade?.(controller, status, headers, socket);
        return;
      }
      socket.on('error', () => {}).destroy();
      handler.onResponseError?.(controller, new ProxyRefused(status));
    },
    onResponseStart: (...parts) => handler.onResponseStart?.(...parts),
    onResponseData: (...parts) => handler.onResponseData?.(...parts),
    onResponseEnd: (...parts) => handler.onResponseEnd?.(...parts),
    onResponseError: (...parts) => handler.onResponseError?.(...parts),
  });
