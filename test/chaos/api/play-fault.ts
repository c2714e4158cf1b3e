import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { ApiFault } from './fault-plan.ts';

const html = '<html><body><h1>Service Unavailable</h1></body></html>';

/** How the fault looks from the other side. `answer` is what a good server would have said. */
export async function playFault(fault: ApiFault, answer: object, response: ServerResponse): Promise<void> {
  const text = JSON.stringify(answer);
  const say = (status: number, body: string, headers: Record<string, string> = {}): void =>
    void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
  switch (fault) {
    case 'reset_before':
    case 'reset_after':
      reset(response);
      return;
    case 'fin_before':
    case 'fin_after':
      response.socket?.end();
      return;
    case 'gone_then_after':
    case 'silent_before':
    case 'silent_after':
      return;
    case 'error_500_before':
    case 'error_500_after':
      return say(500, '{"error":"internal"}');
    case 'error_503_empty_after':
      return say(503, '');
    case 'error_503_html_before':
      return say(503, html, { 'content-type': 'text/html' });
    case 'html_after':
      return say(200, html, { 'content-type': 'text/html' });
    case 'garbled_before':
    case 'garbled_after':
      return say(200, `\u0000${text.slice(0, -2)}%`);
    case 'truncated_after':
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': String(text.length) });
      response.write(text.slice(0, text.length >> 1));
      await pause(20);
      response.socket?.destroy();
      return;
    case 'rate_limited':
      return say(429, '{}', { 'retry-after': '1' });
    case 'unavailable':
      return say(503, '{}', { 'retry-after': new Date(Date.now() + 1_000).toUTCString() });
    case 'ko':
      return say(200, '{"status":"KO","message":"incident"}');
    case 'no_id_after':
      return say(200, '{"status":"OK"}');
    case 'late_after':
      return say(200, text);
    case 'slow':
      await pause(700);
      return say(200, text);
  }
}

/** A connection under TLS can't be reset from above: it ends without a word of goodbye. */
function reset({ socket }: ServerResponse): void {
  if (socket !== null && 'encrypted' in socket) socket.destroy();
  else socket?.resetAndDestroy();
}
