import { setTimeout as pause } from 'node:timers/promises';
import { eraseFiles, type ErasedFiles } from '../app/erase-files.ts';
import { beginErasure, eraseRows } from '../app/erase-rows.ts';
import { gatherPerson, type GatheredPerson } from '../app/gather-person.ts';
import { indexAllPersons } from '../app/index-persons.ts';
import { tagPerson } from '../app/keyed-hashes.ts';
import { noteLookUp, type LookUpPorts } from '../app/look-up-person.ts';
import type { Act } from '../app/ports/held-files.ts';
import type { ErasureView } from '../app/ports/erasure-ledger.ts';
import { readPersonKeys, type PersonKey } from '../domain/person-key.ts';
import { tellsOf } from '../domain/person-traces.ts';
import type { Cli, OpenedLedger } from './cli.ts';
import { erasureJson, formatErasures, formatGathered, gatheredJson } from './erase-text.ts';
import { sayLeft } from '../view/erasure-words.ts';
import type { EraseOptions, PersonOption } from './erase.ts';
import { createProgress } from './progress.ts';
import { sayRows } from '../view/say-rows.ts';
import { UsageFault } from './usage-fault.ts';

const pauseMs = 250;
const mostTries = 40;

export interface Deed {
  readonly cli: Cli;
  readonly opened: OpenedLedger;
  readonly options: EraseOptions;
  /** By what the person is asked for. */
  readonly by: PersonOption | null;
}

/** Shows what there is of a person, asks, and erases it. `act` is null where nothing is to be done. */
export async function eraseCommand(deed: Deed, act: Act | null): Promise<void> {
  const { cli, opened, options } = deed;
  const given = await askFor(deed);
  if (act !== null && tellsOf(act.reason, { keys: given, names: [] }))
    throw new UsageFault(
      '--reason: expected nothing of the person, since it stays in the audit log; got what was asked for',
    );
  // What was begun before is part of what is known of the person.
  if (act !== null) await carryOn(deed);
  await indexAll(deed);
  const person = await gatherPerson(opened, { keys: given, names: [] });
  const listed = await suppressedBy(opened, given);
  await noteLookUp(lookUpPorts(opened), given, { actor: cli.actor, by: 'erase', rows: person.rows.length });
  const page = { width: cli.out.width, timeZone: opened.surroundings.timeZone };
  if (options.json !== true) cli.out.print(formatGathered(person, listed, page));
  const say = (erasure: ErasureView | null): void => {
    if (options.json === true)
      cli.out.print(JSON.stringify({ ...gatheredJson(person), erasure: erasure && erasureJson(erasure) }, null, 2));
  };
  if (act === null || (person.rows.length === 0 && listed.length > 0)) return say(null);
  if (!(await isWanted(deed, person))) {
    cli.out.note('nothing was erased');
    return say(null);
  }
  const id = await beginErasure(opened, person, act);
  await carryOn(deed);
  const [erasure] = await opened.erasures.erasures({ limit: 1, id });
  if (erasure === undefined) throw new Error('an erasure is gone');
  say(erasure);
  tellEnd(deed, erasure);
}

/** Goes on with everything that is left, on this host. */
export async function carryOnCommand(deed: Deed): Promise<void> {
  const { cli, opened, options } = deed;
  const before = await opened.erasures.unfinishedErasures();
  await carryOn(deed);
  const erasures = await Promise.all(before.map(({ id }) => erasureOf(opened, '--carry-on', id)));
  if (options.json === true) return cli.out.print(JSON.stringify(erasures.map(erasureJson), null, 2));
  if (erasures.length === 0) cli.out.print('nothing was left to be erased');
  for (const erasure of erasures) tellEnd(deed, erasure);
}

export async function listCommand(deed: Deed, limit: number): Promise<void> {
  const { cli, opened, options, by } = deed;
  const keys = by === null ? null : await askFor(deed);
  const erasures = await opened.erasures.erasures({
    limit,
    ...(keys === null ? {} : { tags: tagsOf(opened, keys) }),
  });
  if (keys !== null)
    await noteLookUp(lookUpPorts(opened), keys, { actor: cli.actor, by: 'erase --list', rows: erasures.length });
  if (options.json === true) return cli.out.print(JSON.stringify(erasures.map(erasureJson), null, 2));
  if (erasures.length === 0)
    return cli.out.print(by === null ? 'nobody was erased yet' : 'nobody with this value is on the suppression list');
  cli.out.print(formatErasures(erasures, { width: cli.out.width, timeZone: opened.surroundings.timeZone }));
  if (erasures.length === limit) cli.out.note(`the newest ${limit}; --limit N shows more`);
}

export async function liftCommand({ cli, opened, options }: Deed, id: string, act: Act): Promise<void> {
  const known = await erasureOf(opened, '--lift', id);
  const lifted = await opened.erasures.liftSuppression(id, act);
  if (lifted === null)
    return cli.end(1, `the suppression of erasure ${id} was lifted before, by ${known.lifted?.actor ?? ''}`);
  if (options.json === true) return cli.out.print(JSON.stringify(erasureJson(lifted), null, 2));
  cli.out.print(`erasure ${id} suppresses nobody any more: rows that come from now on are read as any other`);
  cli.out.note('the rows that were refused hold nothing to be sent: ask the partner to send them again');
}

export async function giveUpCommand(deed: Deed, id: string, act: Act): Promise<void> {
  const { cli, opened, options } = deed;
  await erasureOf(opened, '--give-up', id);
  const left = await opened.erasures.giveUpFiles(id, act);
  if (left === null) return cli.end(1, `nothing is left to do of erasure ${id}`);
  await opened.erasures.endErasures(cli.actor);
  const erasure = await erasureOf(opened, '--give-up', id);
  if (options.json === true) return cli.out.print(JSON.stringify(erasureJson(erasure), null, 2));
  tellEnd(deed, erasure);
}

function lookUpPorts({ vault, auditTrail }: OpenedLedger): LookUpPorts {
  return { vault, auditLog: auditTrail.log };
}

/** Everything that is left of all erasures: the rows, then the files that this host has. */
async function carryOn({ cli, opened }: Deed): Promise<void> {
  if (!(await opened.erasures.hasErasures())) return;
  await eraseRows(opened, cli.actor);
  // What the index of persons says of them goes, too.
  await indexAllPersons({ ...opened, log: { event: () => undefined } }, () => undefined);
  const progress = createProgress(cli.out, 'files', 'files');
  let files = await eraseFiles(opened, cli.actor, (done, of) => progress.show(done, of));
  // A service beside us issues results as rows move.
  for (let tries = 0; files.busy.length > 0 && tries < mostTries; tries += 1) {
    await pause(pauseMs);
    files = merge(files, await eraseFiles(opened, cli.actor));
  }
  const { opaque, notHere, removed, withoutConfig } = files;
  progress.stop();
  await opened.erasures.endErasures(cli.actor);
  const { out } = cli;
  if (removed > 0)
    out.note(`${removed} ${removed === 1 ? 'file' : 'files'} taken away whole, being unreadable record by record`);
  if (opaque.length > 0)
    out.note(`not looked into, being no CSV or not opening: ${opaque.join(', ')}; look yourself, or take them away`);
  if (notHere.length > 0)
    out.note(`not on this host: ${sayFiles(notHere)}; a service or \`leadsync erase --carry-on\` there goes on`);
  if (withoutConfig.length > 0)
    out.note(`without the config of their partner no result can be issued: ${sayFiles(withoutConfig)}`);
}

function merge(before: ErasedFiles, after: ErasedFiles): ErasedFiles {
  return { ...after, removed: before.removed + after.removed, opaque: [...before.opaque, ...after.opaque] };
}

function sayFiles(ids: readonly string[]): string {
  return `${ids.length === 1 ? 'file' : 'files'} ${ids.join(', ')}`;
}

function tellEnd({ cli, options }: Deed, erasure: ErasureView): void {
  if (erasure.endedAt !== null) {
    if (options.json !== true) cli.out.print(`erasure ${erasure.id} is done: ${sayRows(erasure.erased)} erased`);
    return;
  }
  cli.end(1, `erasure ${erasure.id} goes on by itself: ${sayLeft(erasure)}`);
}

async function indexAll({ cli, opened }: Deed): Promise<void> {
  const total = await opened.persons.countUnindexed();
  if (total === 0) return;
  const progress = createProgress(cli.out, 'looking');
  let done = 0;
  const log = { event: () => cli.out.note('some rows do not open, and nobody is found by them: `leadsync doctor`') };
  await indexAllPersons({ ...opened, log }, (rows) => progress.show((done += rows), Math.max(done, total)));
  progress.stop();
}

async function askFor({ cli, by }: Deed): Promise<readonly PersonKey[]> {
  const [name, kind] = asked[by ?? 'nif'];
  const keys = readPersonKeys(await cli.out.ask(`${name}:`)).filter((key) => key.kind === kind);
  if (keys.length > 0) return keys;
  throw new UsageFault(`--${by ?? 'nif'}: expected ${name} on standard input; got something else`);
}

const asked = {
  nif: ['a NIF', 'nif'],
  phone: ['a phone number', 'phone'],
  email: ['an e-mail address', 'email'],
} as const;

/** Irreversible: a script says so. */
async function isWanted({ cli, options }: Deed, { rows }: GatheredPerson): Promise<boolean> {
  if (options.yes === true) return true;
  if (!cli.out.isTerminal) {
    cli.out.note('without a terminal nothing is done unless --yes is given');
    return false;
  }
  const wish =
    rows.length === 0 ? 'Put the person on the suppression list?' : `Erase ${sayRows(rows.length)} for good?`;
  return /^y(?:es)?$/i.test(await cli.out.ask(`${wish} [y/N]`));
}

function tagsOf({ vault }: OpenedLedger, keys: readonly PersonKey[]): readonly string[] {
  return keys.map((key) => tagPerson(vault, key));
}

function suppressedBy(opened: OpenedLedger, keys: readonly PersonKey[]): Promise<readonly ErasureView[]> {
  return opened.erasures.erasures({ limit: 20, tags: tagsOf(opened, keys) });
}

async function erasureOf({ erasures }: OpenedLedger, option: string, id: string): Promise<ErasureView> {
  const [erasure] = await erasures.erasures({ limit: 1, id });
  if (erasure !== undefined) return erasure;
  throw new UsageFault(`${option}: expected the id of an erasure (\`leadsync erase --list\`); got "${id}"`);
}
