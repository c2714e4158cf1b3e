import { html } from 'hono/html';
import type { Html } from '../page/page.ts';
import { curlCommand } from './call.ts';
import type { Call } from './call.ts';
import { codeFigure } from './code-figure.ts';
import type { Facts } from './facts.ts';

export interface ShownCall {
  /** Names the call for tests, which run what the page shows. */
  readonly name: string;
  readonly caption: string;
  readonly call: Call;
  /** What comes back; null where the connection is cut. */
  readonly answer: { readonly status: number; readonly headers?: readonly string[]; readonly body?: object } | null;
}

/** A command and below it what it brings. */
export function shownCall({ name, caption, call, answer }: ShownCall, facts: Facts): Html {
  return html`<div class="exchange">
    ${codeFigure({ caption, code: curlCommand(call, facts), kind: 'command', call: name })}
    ${
      answer === null
        ? codeFigure({ caption: 'No answer', code: 'curl: (52) Empty reply from server', kind: 'answer', call: name })
        : codeFigure({
            caption: 'Answer',
            code: answerText(answer),
            kind: 'answer',
            status: answer.status,
            call: name,
          })
    }
  </div>`;
}

function answerText({ headers = [], body }: NonNullable<ShownCall['answer']>): string {
  const said = body === undefined ? 'No body.' : JSON.stringify(body, null, 2);
  return headers.length === 0 ? said : `${headers.join('\n')}\n\n${said}`;
}
