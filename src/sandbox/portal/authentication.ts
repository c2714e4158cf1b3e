import { html } from 'hono/html';
import type { Html } from '../page/page.ts';
import { defaultTokenLifeSeconds } from '../authentication/token-endpoint.ts';
import { tokenPath } from '../authentication/serve-tokens.ts';
import type { Call } from './call.ts';
import { curlCommand } from './call.ts';
import { codeFigure } from './code-figure.ts';
import { exampleBodies } from './example-bodies.ts';
import type { Facts } from './facts.ts';
import type { AuthenticationMode } from './security-scheme.ts';
import type { Section } from './section.ts';
import { shownCall } from './shown-call.ts';

const titles = {
  none: 'None',
  basic: 'HTTP Basic',
  'api-key': 'API key',
  oauth2: 'OAuth 2.0 client credentials',
} as const satisfies Record<AuthenticationMode, string>;

/** How to authenticate in the mode in force, and which others there are. */
export function authenticationSection(facts: Facts): Section {
  return {
    id: 'authentication',
    title: 'Authentication',
    body: html`<p>
        The specification doesn’t say how a partner authenticates, so this sandbox can do what APIs of its kind do. In
        force here: <strong>${titles[facts.authentication]}</strong>.
      </p>
      ${bodies[facts.authentication](facts)}
      <p>
        The mode is chosen at the start: <code>leadsync sandbox --auth MODE</code>, with MODE one of
        ${Object.keys(titles).map((mode, index) => html`${index === 0 ? '' : ', '}<code>${mode}</code>`)}. What the
        sandbox was started with, it prints. These pages and <code>/__sandbox</code> ask for nothing on loopback;
        elsewhere they ask for the client id with its secret (or key), by Basic.
      </p>`,
  };
}

const bodies: Readonly<Record<AuthenticationMode, (facts: Facts) => Html>> = {
  none: () => html`<p>Every caller is let in, and the sandbox listens on this machine only.</p>`,

  basic: (facts) =>
    html`<p>Client id and secret go with every call to the three endpoints.</p>
      ${variables('CLIENT_ID=…\nCLIENT_SECRET=…')} ${checked(facts)}
      ${without(facts, 'Client id and secret are missing.', 'Basic realm="Leads Contract API", charset="UTF-8"')}`,

  'api-key': (facts) =>
    html`<p>The key goes with every call to the three endpoints, in the header <code>${facts.keyHeader}</code>.</p>
      ${variables(facts.pagesNeedLogin ? 'CLIENT_ID=…\nAPI_KEY=…' : 'API_KEY=…')} ${checked(facts)}
      ${without(
        facts,
        `The key is missing: send it as ${facts.keyHeader}.`,
        `ApiKey realm="Leads Contract API", header="${facts.keyHeader}"`,
      )}`,

  oauth2: (facts) =>
    html`<p>
        Client id and secret are exchanged for a token, which goes with every call to the three endpoints until it
        expires (by default after ${defaultTokenLifeSeconds / 60} minutes). Fetch a new one then, and after a 401: a
        sandbox that is started again knows no token of the last one.
      </p>
      ${variables('CLIENT_ID=…\nCLIENT_SECRET=…')}
      ${shownCall(
        {
          name: 'token',
          caption: 'Fetch a token',
          call: { method: 'POST', path: tokenPath, credentials: 'client', form: { grant_type: 'client_credentials' } },
          answer: {
            status: 200,
            body: {
              access_token: 'mJ8sVb0f3x2Qe7Yd1LkTn5RwZc9HuAoPiG6EtSqXyU4',
              token_type: 'Bearer',
              expires_in: defaultTokenLifeSeconds,
            },
          },
        },
        facts,
      )}
      <p>
        Id and secret may also stand in the body, as <code>client_id</code> and <code>client_secret</code>.
        <code>--token-life 20</code> at the start makes tokens end soon, and <code>--expires-in-as-text</code> answers
        <code>expires_in</code> as text, as some servers do.
      </p>
      ${scopes(facts)} ${variables('TOKEN=…', 'The access_token of the answer')} ${checked(facts)}
      ${without(facts, 'A bearer token is missing.', 'Bearer realm="Leads Contract API"')}`,
};

/** Scopes as they are in force, and how to have others. */
function scopes({ scopes: granted, requiredScopes }: Facts): Html {
  const needed = Object.entries(requiredScopes).map(
    ([endpoint, scope]) => html` <code>${endpoint}</code> needs <code>${scope}</code>.`,
  );
  const rule =
    granted === null
      ? html`A <code>scope</code> that is asked for is granted and echoed; a token has none where none is asked for.`
      : html`Here <code>${granted.join(' ')}</code> is granted where no <code>scope</code> is asked for; asking for
          another is refused with <code>invalid_scope</code>.`;
  return html`<p>
    ${rule}${needed} <code>--scopes read,write</code> at the start says what is granted, and
    <code>--require-scope altaLead=write</code> which scope an endpoint needs: a token without it gets 403 with
    <code>insufficient_scope</code>.
  </p>`;
}

function variables(code: string, caption = 'What the sandbox printed at its start'): Html {
  return codeFigure({ caption, code, kind: 'text' });
}

function ask(facts: Facts): Call {
  return { method: 'POST', path: '/client-data', body: exampleBodies(facts.contract).clientData };
}

function checked(facts: Facts): Html {
  return codeFigure({
    caption: 'Call an endpoint',
    code: curlCommand(ask(facts), facts),
    kind: 'command',
    call: 'let-in',
  });
}

function without(facts: Facts, message: string, challenge: string): Html {
  return html`<p>Without, or with what is wrong or expired, the answer is 401 and nothing is done:</p>
    ${shownCall(
      {
        name: 'left-out',
        caption: 'Call without credentials',
        call: { ...ask(facts), credentials: 'none', showsHeaders: true },
        answer: {
          status: 401,
          headers: ['HTTP/1.1 401 Unauthorized', `www-authenticate: ${challenge}`],
          body: { message },
        },
      },
      facts,
    )}
    <p>
      A client who is known, and not permitted to call an endpoint, gets 403: <code>--may-call clientData</code> at the
      start permits one of the three.
    </p>`;
}
