import { html } from 'hono/html';
import type { Page } from './frame.ts';

const nowhere = { section: null, visitor: null } as const;

/** An address without a page. */
export function lostPage(): Page {
  const main = html`<h1>There is no such page</h1>
    <p><a href="/">Overview</a></p>`;
  return { ...nowhere, title: 'No such page', main, status: 404 };
}

/** Asked for under a name that is not ours. */
export function strangeHostPage(): Page {
  const main = html`<h1>Not under this name</h1>
    <p>
      This console is reached as 127.0.0.1 or localhost. Behind a proxy, set CONSOLE_URL to the address that people use,
      and let the proxy hand the Host header on.
    </p>`;
  return { ...nowhere, title: 'Not under this name', main, status: 421 };
}

/** What could not be read, or what the ledger did not answer. */
export function failedPage(status: number, code: string): Page {
  const main =
    status < 500
      ? html`<h1>That could not be read</h1>
          <p>The request is malformed or too long. <a href="/">Overview</a></p>`
      : html`<h1>The ledger does not answer</h1>
          <p>
            This page could not be made: <code>${code}</code>. Nothing was changed. Look at it again in a moment; if it
            stays, <code>leadsync doctor</code> on the console’s host says what is wrong.
          </p>`;
  return { ...nowhere, title: 'That did not work', main, status: status < 500 ? status : 503 };
}
