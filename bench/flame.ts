import { readFile } from 'node:fs/promises';
import { relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

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

/**
 * A flame graph as text, of what `node --cpu-prof` wrote. Each line is what was called from the line above that is less
 * indented, with its share of the time in which the process was not idle. Calls inside one package are one line, and what is
 * less than one in a hundred is left out. `from`: the share of the beginning that is left out, while code is compiled.
 */
export async function flameGraph(path: string, from: number): Promise<string> {
  const profile = JSON.parse(await readFile(path, 'utf8')) as Profile;
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const callerOf = new Map(profile.nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])));
  const skipped = profile.samples.length * from;
  const root: Frame = { name: 'all', micros: 0, calls: new Map() };
  for (const [at, id] of profile.samples.entries()) {
    const stack = stackOf(id, nodes, callerOf);
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
  return linesOf(root, 0, root.micros).join('\n');
}

type Nodes = ReadonlyMap<number, Profile['nodes'][number]>;

/** From the outermost call: functions of ours by name, packages and Node as a whole. */
function stackOf(sample: number, nodes: Nodes, callerOf: ReadonlyMap<number, number>): readonly string[] {
  const stack: string[] = [];
  for (let id: number | undefined = sample; id !== undefined; id = callerOf.get(id)) {
    const name = nameOf(nodes.get(id));
    if (name !== null && stack[0] !== name) stack.unshift(name);
  }
  return stack;
}

function nameOf(node: Profile['nodes'][number] | undefined): string | null {
  const { functionName, url } = node?.callFrame ?? { functionName: '', url: '' };
  const library = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
  if (library !== undefined) return library;
  if (url.startsWith('file:')) {
    const own = relative(checkout, fileURLToPath(url)).split(sep).join('/');
    return functionName === '' ? own : `${functionName}  ${own}`;
  }
  if (['(idle)', '(garbage collector)', 'writev', 'writeBuffer'].includes(functionName)) return functionName;
  return url.startsWith('node:internal/crypto') ? 'node:crypto' : null;
}

function linesOf(frame: Frame, depth: number, all: number): readonly string[] {
  const share = frame.micros / all;
  if (share < least) return [];
  const line = `${(share * 100).toFixed(1).padStart(5)} %  ${'  '.repeat(depth)}${frame.name}`;
  const calls = [...frame.calls.values()].toSorted((one, two) => two.micros - one.micros);
  return [line, ...calls.flatMap((called) => linesOf(called, depth + 1, all))];
}
