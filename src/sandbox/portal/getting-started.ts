import { html } from 'hono/html';
import type { Html } from '../page/page.ts';
import { curlCommand } from './call.ts';
import { codeFigure } from './code-figure.ts';
import { describedEndpoints } from './described-endpoints.ts';
import { exampleBodies } from './example-bodies.ts';
import type { Facts } from './facts.ts';
import type { Section } from './section.ts';

const modes = {
  none: 'nobody is asked',
  basic: 'HTTP Basic',
  'api-key': 'a key in a header',
  oauth2: 'OAuth 2.0 client credentials',
} as const satisfies Record<Facts['authentication'], string>;

export function gettingStarted(facts: Facts): Section {
  const { contract, authentication, baseUrl } = facts;
  return {
    id: 'getting-started',
    title: 'Getting started',
    body: html`<p>
        A lead is carried in three calls. This sandbox answers them as the specification has it: strictly, with tables
        behind it, and with a bad day whenever you order one.
      </p>
      <ol class="journey">
        ${describedEndpoints.map(
          ({ key, title, path, summary }) =>
            html`<li>
              <a href="#${key}"><strong>${title}</strong> <code>POST ${path}</code></a>
              <span>${summary}</span>
            </li>`,
        )}
      </ol>
      <dl class="facts">
        ${fact('Base URL', html`<code>${baseUrl}</code>`)} ${fact('Version', html`<code>${contract.version}</code>`)}
        ${fact('Authentication', html`${modes[authentication]}; <a href="#authentication">how</a>`)}
        ${fact('Bodies', html`JSON or a form, in UTF-8, up to 64 KiB; answers are JSON`)}
        ${fact('Mark', html`every answer has <code>X-Leads-Sandbox: 1</code>, which production never has`)}
        ${fact('People', html`synthetic only; whom the sandbox knows is <a href="#people">told by the NIF</a>`)}
      </dl>
      ${authentication === 'none' ? firstCall(facts) : afterLogin}
      <p>
        Then go through <a href="#tutorial">the tutorial</a>, which takes ten minutes. To generate a client, or to fill
        Postman, Insomnia or Bruno, take <a href="/openapi.json">openapi.json</a> (OpenAPI 3.1). What you create stands
        in the <a href="/ficha-gestion">Ficha Gestión</a>.
      </p>
      <p class="quiet">
        Commands on this page are for a POSIX shell; on Windows take Git Bash or WSL. They name the address that you
        have opened this page on. leadsync itself is sent here by <code>LEADS_API_URL=${baseUrl}</code> and
        <code>LEADS_API_ENVIRONMENT=sandbox</code>.
      </p>`,
  };
}

function firstCall(facts: Facts): Html {
  return html`<p>Your first call:</p>
    ${codeFigure({
      caption: 'Ask about a client',
      code: curlCommand(
        { method: 'POST', path: '/client-data', body: exampleBodies(facts.contract).clientData },
        facts,
      ),
      kind: 'command',
      call: 'first',
    })}`;
}

const afterLogin = html`<p>Your first call needs credentials: <a href="#authentication">it is made there</a>.</p>`;

function fact(name: string, value: Html): Html {
  return html`<div>
    <dt>${name}</dt>
    <dd>${value}</dd>
  </div>`;
}
