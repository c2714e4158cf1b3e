import { html } from 'hono/html';
import type { LeadsContract } from '../../contract/leads-contract.ts';
import type { Facts } from './facts.ts';
import { inlineCode } from './inline-code.ts';
import type { Section } from './section.ts';

/** What about, what the specification says of it, and what this sandbox does. Code stands between backticks. */
interface Question {
  readonly about: string;
  readonly said: string;
  readonly here: string;
}

const questionsAbout = ({ leadOrigins, assumedRamos }: LeadsContract): readonly Question[] => [
  {
    about: 'Paths and methods',
    said: 'Nothing.',
    here: '`POST /client-data`, `POST /alta-lead`, `POST /update-lead`. Make them settings of your client.',
  },
  {
    about: 'Authentication',
    said: 'Nothing.',
    here: 'None, Basic, an API key or OAuth 2.0 client credentials; chosen at the start.',
  },
  {
    about: 'Bodies',
    said: 'Nothing.',
    here: 'JSON or a form, in UTF-8; another charset is a 415, bytes that are not UTF-8 and a body with a field twice are a 400. Answers are always JSON.',
  },
  {
    about: 'Types',
    said: '“true/false”, “numerical value”.',
    here: 'Booleans are JSON booleans; in a form, or as text, `true` and `false` are understood. Codes are strings of digits, so that leading zeros live; `estado` may be a JSON number.',
  },
  {
    about: 'Fields that are not in the table',
    said: 'Nothing.',
    here: 'Left aside without a word. Send none: a strict server may refuse them.',
  },
  {
    about: 'Limits',
    said: '“max n cc”.',
    here: 'Counted in characters: ñ is one, an emoji too. Longer is refused, never cut.',
  },
  {
    about: 'What a NIF looks like',
    said: 'Nothing.',
    here: 'Nine characters: a digit or letter, seven digits, a digit or letter, without separators. Case and the control letter are not judged, nor is the form of a `dni`: one with separators is looked up without them, and any other text is told by its digits.',
  },
  {
    about: 'A KO of alta lead or update lead',
    said: '`status` is documented for client data only.',
    here: 'HTTP 200, `{"status": "KO", "message": …}`, nothing done. Faults make it.',
  },
  {
    about: 'What proves success',
    said: '`message` tells whether the call “has been carried out without incident”.',
    here: 'A `leadId` in the answer. `message` is for people: don’t decide by it.',
  },
  { about: 'The body of an error', said: 'Nothing.', here: '`message`, and with a 422 every wrong field in `errors`.' },
  {
    about: 'The agent of someone who is no client',
    said: '“the agent assigned by supplier”.',
    here: 'Any seven digits. An `agentId` of the check is a proposal.',
  },
  {
    about: 'An `agenteId` that nobody has',
    said: 'Nothing.',
    here: 'Created, unless the person is a client of another agent. The Ficha Gestión says that it does not know the agent.',
  },
  {
    about: 'A lead without `dni`',
    said: 'It is not marked as required.',
    here: 'Created: there is nobody to check.',
  },
  {
    about: 'Alta lead without a client check before it',
    said: '“If is managed by the external provider”.',
    here: 'Not asked for. Alta lead judges the `dni` itself.',
  },
  {
    about: '`acceptTerms` false',
    said: 'Required, true or false.',
    here: 'Created. Whether to send a person who has not consented is for the partner to answer: better not.',
  },
  {
    about: '`reference`',
    said: '“Received from Allianz through the call to the WS”, yet not in the answer of client data.',
    here: 'Client data answers one, `WS-` and two digits. Send it back, if given.',
  },
  {
    about: '`leadOrigin`',
    said: '“Will have values like”: an open list.',
    here: `Any text of up to 25 characters. The Ficha Gestión names ${listed(leadOrigins)}.`,
  },
  {
    about: '`ramo`',
    said: '“Numerical value according to the product (car, life, motorcycle insurance)”, and no numbers.',
    here: `Any digits, and none changes an answer. Assumed in examples: ${listed(assumedRamos)}. Ask for the real ones.`,
  },
  { about: '`tresAgentes`', said: '“Provisionally empty”.', here: 'Absent or empty; anything else is refused.' },
  {
    about: '`idLanding` of the answer',
    said: 'For the relation between contact and lead.',
    here: 'The one that was sent, else `LANDING-` and the leadId.',
  },
  {
    about: 'What a leadId looks like',
    said: 'Nothing.',
    here: 'Eight digits, counting up. Treat it as text.',
  },
  {
    about: 'A create that is repeated',
    said: 'Nothing.',
    here: 'One more lead, every time. `Idempotency-Key` and `X-Request-Id` are kept beside it as evidence.',
  },
  {
    about: 'Finding a lead again',
    said: 'There is no such call.',
    here: 'None here either. The Ficha Gestión is for people; `/__sandbox/state` is for tests: the newest 1,000 leads, those after one (`?after=LEADID&limit=N`), or those of one id (`?partnerLeadId=ID`), and the number of all.',
  },
  {
    about: 'The values of `estado`',
    said: "“Value '20' for GAM closure.”",
    here: 'Any digits. Updates after a 20 are taken too, in the order in which they arrive.',
  },
  { about: 'An unknown leadId', said: 'Nothing.', here: '422, `leadId is not known`.' },
];

function listed(codes: Readonly<Record<string, string>>): string {
  return Object.entries(codes)
    .map(([code, label]) => `\`${code}\` ${label}`)
    .join(', ');
}

export function openQuestionsSection({ contract }: Facts): Section {
  return {
    id: 'open-questions',
    title: 'What the specification leaves open',
    body: html`<p>
        The specification names fields and limits. The rest had to be decided here; the insurer’s own system may decide
        otherwise, so keep these points movable in your integration, and ask.
      </p>
      <table class="questions" aria-label="Open questions">
        <thead>
          <tr>
            <th scope="col">About</th>
            <th scope="col">The specification</th>
            <th scope="col">This sandbox</th>
          </tr>
        </thead>
        <tbody>
          ${questionsAbout(contract).map(
            ({ about, said, here }) =>
              html`<tr>
                <th scope="row">${inlineCode(about)}</th>
                <td class="quiet">${inlineCode(said)}</td>
                <td>${inlineCode(here)}</td>
              </tr>`,
          )}
        </tbody>
      </table>`,
  };
}
