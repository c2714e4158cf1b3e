import type { Dispatcher } from 'undici';
import type { Evidence } from '../../domain/call-outcome.ts';

/** What is known about one request while it is under way. Travels with it through undici as `opaque`. */
export interface Trace {
  readonly maySend: () => boolean;
  readonly signal: AbortSignal;
  /** Only ever grows. */
  reached: Evidence;
  /** `maySend` said no. */
  withheld: boolean;
}

export function createTrace(maySend: () => boolean, signal: AbortSignal): Trace {
  return { maySend, signal, reached: 'never_written', withheld: false };
}

/**
 * The one interceptor: writes down how far each request provably got. undici calls `onRequestStart` in the same tick as
 * the socket write, microseconds before it, so what is decided there is exact: a throw writes nothing and keeps the
 * socket for its neighbours, and after it the request counts as maybe written. Error codes are never asked:
 * ECONNRESET and TimeoutError can be either.
 */
export const evidence: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) => {
  const { opaque: trace } = options as Dispatcher.DispatchOptions & { readonly opaque: Trace };
  return dispatch(options, {
    onRequestStart(controller, context) {
      // An aborted request is stopped here and not by its own handler, which would take the socket down with it.
      trace.signal.throwIfAborted();
      if (!trace.maySend()) {
        trace.withheld = trace.reached === 'never_written';
        throw new Error('The request was withheld.');
      }
      handler.onRequestStart?.(controller, context);
      if (trace.reached === 'never_written') trace.reached = 'maybe_written';
    },
    onRequestUpgrade(...parts) {
      handler.onRequestUpgrade?.(...parts);
    },
    onResponseStart(controller, status, headers, statusText) {
      // 1xx are interim: the response proper is still to come.
      if (status >= 200) trace.reached = 'response_started';
      handler.onResponseStart?.(controller, status, headers, statusText);
    },
    onResponseData(...parts) {
      handler.onResponseData?.(...parts);
    },
    onResponseEnd(...parts) {
      trace.reached = 'response_complete';
      handler.onResponseEnd?.(...parts);
    },
    onResponseError(...parts) {
      handler.onResponseError?.(...parts);
    },
  });
};
