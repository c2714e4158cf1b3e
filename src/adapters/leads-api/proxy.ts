import { isIP } from 'node:net';
import { Pool, ProxyAgent } from 'undici';
import type { buildConnector, Dispatcher } from 'undici';
import { checkedTls } from './checked-tls.ts';
import type { CheckedTls } from './checked-tls.ts';
import { confirmed } from './confirmed-connector.ts';

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
  /** Called for every tunnel that the proxy has opened. */
  readonly onTunnel?: () => void;
}

type PoolOptions = Omit<Pool.Options, 'connect' | 'factory'>;

/**
 * A pool of connections to one API through an HTTP proxy. Every request goes through a tunnel, http:// ones as well: a
 * proxy that carries bytes repeats no request, and the moment of writing is undici's own, exactly as without a proxy.
 */
export function createProxyPool(proxy: ProxyOptions, pool: PoolOptions, tls: CheckedTls): Dispatcher {
  return new ProxyAgent({
    ...pool,
    uri: proxy.url,
    proxyTunnel: true,
    connectTimeout: proxy.connectTimeoutMs,
    requestTls: tls,
    factory: (origin, options) => {
      const { connect, ...others } = options as Pool.Options & { readonly connect: buildConnector.connector };
      return new Pool(origin, { ...others, connect: confirmed(connect) });
    },
    proxyTls: { ...checkedTls, ...(proxy.ca === undefined ? {} : { ca: proxy.ca }), allowH2: false },
    clientFactory: (origin, options) =>
      new Pool(origin, {
        ...options,
        connect: withoutAddressAsName((options as { readonly connect: buildConnector.connector }).connect),
        allowH2: false,
        // A proxy that never answers CONNECT would hold the connection's place for undici's five minutes.
        headersTimeout: proxy.connectTimeoutMs,
        bodyTimeout: proxy.connectTimeoutMs,
      }).compose(refusals(proxy.onTunnel)),
  });
}

/** undici asks for the proxy's host by SNI, and TLS allows no address there. The certificate has to name it all the same. */
function withoutAddressAsName(connect: buildConnector.connector): buildConnector.connector {
  return (options, callback) => {
    const isAddress = isIP(options.servername?.replace(/^\[|\]$/g, '') ?? '') !== 0;
    connect(isAddress ? { ...options, servername: '' } : options, callback);
  };
}

/** undici tells a refusal by its message alone. */
const refusals =
  (onTunnel: () => void = () => {}): Dispatcher.DispatcherComposeInterceptor =>
  (dispatch) =>
  (options, handler) =>
    dispatch(options, {
      onRequestStart: (...parts) => handler.onRequestStart?.(...parts),
      onRequestUpgrade(controller, status, headers, socket) {
        if (status === 200) {
          onTunnel();
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
