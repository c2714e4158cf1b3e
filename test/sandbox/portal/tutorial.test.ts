import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import type { SandboxAuthentication } from '../../../src/sandbox/authentication/sandbox-authentication.ts';
import { exampleLeadId } from '../../../src/sandbox/portal/example-bodies.ts';
import type { SandboxState } from '../../../src/sandbox/state.ts';
import { useSandboxes } from '../sandbox-under-test.ts';
import { runInShell, runParsed } from './run-command.ts';
import type { CommandAnswer } from './run-command.ts';
import { shownFigures } from './shown-figures.ts';
import type { ShownFigure } from './shown-figures.ts';

const sandboxes = useSandboxes('sandbox tutorial');

const client = { clientId: 'acme', clientSecret: 'p%20w:d é' } as const;
const modes: readonly SandboxAuthentication[] = [
  { kind: 'none' },
  { kind: 'basic', ...client },
  { kind: 'api-key', clientId: 'acme', key: 'k-1', header: 'X-Acme-Key' },
  { kind: 'oauth2', clientId: 'acme', clientSecret: 'secret-1' },
];

const hasCurl = spawnSync('curl', ['--version']).status === 0;
if (!hasCurl)
  console.error('!!! NO curl ON THE PATH: the commands of /docs are run without it. Get it: apt-get install curl');
const runners = [
  ['as a shell reads them', runParsed],
  ...(hasCurl ? ([['in a shell', runInShell]] as const) : []),
] as const;

const untouched = useSandboxes('sandbox tutorial untouched');

test('in a new sandbox every answer of the tutorial is the one that is shown, to the letter', async () => {
  const { url } = await untouched.start();
  const figures = await shownFigures(url);
  const commands = figures.slice(0, figures.findIndex(({ call }) => call === 'calm') + 1);
  let count = 0;
  for (const { call, text } of commands.filter(({ kind }) => kind === 'command')) {
    const answer = await runParsed(text, {});
    const shown = figures.find((figure) => figure.kind === 'answer' && figure.call === call);
    if (shown === undefined || answer.body === '') continue;
    expect(JSON.parse(answer.body)).toEqual(JSON.parse(bodyOf(shown)));
    count += 1;
  }
  expect(count).toBe(7);
});

describe.each(runners)('the commands of the page, run %s', (_how, run) => {
  test.each(modes)('do what the page shows, with authentication $kind', async (authentication) => {
    const { url } = await sandboxes.start({ authentication });
    const figures = await shownFigures(url);
    const variables: Record<string, string> = {
      CLIENT_ID: 'acme',
      CLIENT_SECRET: 'clientSecret' in authentication ? authentication.clientSecret : '',
      API_KEY: 'k-1',
    };
    let leadId = exampleLeadId;
    const ran: string[] = [];

    for (const { call, text } of figures.filter(({ kind }) => kind === 'command')) {
      // What an earlier command has ordered at random is no part of what a later one shows.
      if (call.startsWith('reference-')) await fetch(`${url}/__sandbox/faults`, { method: 'DELETE' });
      const answer = await run(text.replaceAll(exampleLeadId, leadId), variables);
      const shown = figures.find((figure) => figure.kind === 'answer' && figure.call === call);
      if (shown === undefined) expect([call, answer.status]).toEqual([call, text.includes('-X PUT') ? 204 : 200]);
      else expectAsShown(answer, shown);
      if (call === 'token') variables['TOKEN'] = (JSON.parse(answer.body) as { access_token: string }).access_token;
      if (call === 'create') ({ leadId } = JSON.parse(answer.body) as { leadId: string });
      if (call === 'state') expectTwoLostLeads(JSON.parse(answer.body) as SandboxState, leadId);
      ran.push(call);
    }
    expect(ran[0]).toBe({ none: 'first', basic: 'let-in', 'api-key': 'let-in', oauth2: 'token' }[authentication.kind]);
    expect(ran).toEqual(expect.arrayContaining(['check', 'create', 'update', 'refusal', 'lost', 'repeat']));
    expect(ran).toEqual(expect.arrayContaining(['unavailable', 'calm', 'reference-altaLead', 'reference-updateLead']));
    expect(ran.includes('left-out')).toBe(authentication.kind !== 'none');
  });
});

function expectAsShown(answer: CommandAnswer, shown: ShownFigure): void {
  expect([shown.call, answer.status]).toEqual([shown.call, shown.status]);
  if (answer.status === null || answer.status === 204) return;
  for (const line of headLinesOf(shown)) {
    const [name = '', value] = line.split(/: (.*)/s);
    // A moment may have passed since the order.
    if (name === 'retry-after') expect(answer.headers.get(name)).toMatch(/^(60|59|58)$/);
    else expect(answer.headers.get(name)).toBe(value);
  }
  const said: unknown = JSON.parse(answer.body);
  const exact = ['check', 'refusal', 'unavailable', 'left-out'].includes(shown.call);
  if (exact) expect(said).toEqual(JSON.parse(bodyOf(shown)));
  else expect(shapeOf(said)).toEqual(shapeOf(JSON.parse(bodyOf(shown))));
}

/** An answer is shown with its first lines where they are worth a look; a blank line ends them. */
function headLinesOf({ text }: ShownFigure): readonly string[] {
  return text.startsWith('HTTP/') ? (text.split('\n\n')[0] ?? '').split('\n').slice(1) : [];
}

function bodyOf({ text }: ShownFigure): string {
  return text.startsWith('HTTP/') ? text.slice(text.indexOf('\n\n')) : text;
}

/** Names and types; of a list, those of its last element. What may be null is taken for a text. */
function shapeOf(value: unknown): unknown {
  if (value === null) return 'string';
  if (Array.isArray(value)) return [shapeOf(value.at(-1))];
  if (typeof value !== 'object') return typeof value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shapeOf(inner)]));
}

function expectTwoLostLeads({ leads, updates }: SandboxState, leadId: string): void {
  const since = leads.slice(leads.findIndex((lead) => lead.leadId === leadId));
  expect(since.map(({ partnerLeadId, requestId, estado }) => [partnerLeadId, requestId, estado])).toEqual([
    ['tutorial-1', null, '20'],
    ['tutorial-lost', 'tutorial-lost-1', null],
    ['tutorial-lost', 'tutorial-lost-2', null],
  ]);
  expect(updates.at(-1)).toMatchObject({ leadId, estado: '20' });
}
