import { readFile } from 'node:fs/promises';
import { relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * A flame graph as text: `node bench/flame.ts FILE.cpuprofile [--from 0.3]`, of what `node --cpu-prof` wrote. Each line is
 * what was called from the line above that is less indented, with its share of the time in which the process was not idle.
 * Calls inside one package are one line, and what is less than one in a hundred is left out. `--from` leaves out so much of
 * the beginning.
 */
interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string };
    readonly children?: readonly number[];
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

interface Frame {
  readonly name: string;
  micros: number;
  readonly calls: Map<string, Frame>;
}

const least = 0.01;
const checkout = fileURLToPath(new URL('..', import.meta.url));
const [path = '', flag, from = '0'] = process.argv.slice(2);
const profile = JSON.parse(await readFile(path, 'utf8')) as Profile;
const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
const callerOf = new Map(profile.nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])));
const skipped = profile.samples.length * (flag === '--from' ? Number(from) : 0);

const root: Frame = { name: 'all', micros: 0, calls: new Map() };
for (const [at, id] of profile.samples.entries()) {
  const stack = stackOf(id);
  if (at < skipped || stack.includes('(idle)')) continue;
  const micros = profile.timeDeltas[at] ?? 0;
  let frame = root;
  frame.micros += micros;
  for (const name of stack) {
    const called = frame.calls.get(name) ?? { name, micros: 0, calls: new Map() };
    frame.calls.set(name, called);
    called.micros += micros;
    frame = called;
  }
}
print(root, 0);

/** From the outermost call: functions of ours by name, packages and Node as a whole. */
function stackOf(sample: number): readonly string[] {
  const stack: string[] = [];
  for (let id: number | undefined = sample; id !== undefined; id = callerOf.get(id)) {
    const name = nameOf(id);
    if (name !== null && stack[0] !== name) stack.unshift(name);
  }
  return stack;
}

function nameOf(id: number): string | null {
  const { functionName, url } = nodes.get(id)?.callFrame ?? { functionName: '', url: '' };
  const library = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
  if (library !== undefined) return library;
  if (url.startsWith('file:')) {
    const own = relative(checkout, fileURLToPath(url)).split(sep).join('/');
    return functionName === '' ? own : `${functionName}  ${own}`;
  }
  if (['(idle)', '(garbage collector)', 'writev', 'writeBuffer'].includes(functionName)) return functionName;
  return url.startsWith('node:internal/crypto') ? 'node:crypto' : null;
}

function print(frame: Frame, depth: number): void {
  const share = frame.micros / root.micros;
  if (share < least) return;
  console.log(`${(share * 100).toFixed(1).padStart(5)} %  ${'  '.repeat(depth)}${frame.name}`);
  for (const called of [...frame.calls.values()].toSorted((one, two) => two.micros - one.micros))
    print(called, depth + 1);
}
