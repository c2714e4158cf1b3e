import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { drop, leadsCsv } from '../test/e2e/leads-file.ts';
import { eventually } from '../test/support/eventually.ts';
import { runLeadsync } from '../test/support/leadsync-process.ts';
import { flameGraph } from './flame.ts';
import { install, type Installation } from './installation.ts';
import { updatesCsv } from './pipeline.ts';
import { startRemote } from './remote.ts';

/**
 * What the processor does on the three hottest paths, as flame graphs in docs/profile.md: `node bench/profile.ts [PATH …]`. A service
 * each, against an API that answers at once; the first part of each is left out, while code is compiled.
 */
const rows = 6_000;
const rowsRead = 100_000;

const paths = {
  leads: async ({ carry }: Installation) => void (await carry('leads-all.csv', leadsCsv(rows, 'P-'))),
  async updates({ carry }: Installation) {
    await carry('leads-all.csv', leadsCsv(rows, 'P-'));
    for (const n of [1, 2, 3]) await carry(`updates-${n}.csv`, updatesCsv(rows, 'P-').replaceAll('Paso', `Paso ${n}`));
  },
  /** Paused, a service reads and calls nobody. */
  async reading({ home, environment }: Installation) {
    await runLeadsync(['pause', '--reason', 'reading alone'], environment);
    await drop(join(home, 'inbox'), 'acme', 'leads-all.csv', leadsCsv(rowsRead, 'P-'));
    await eventually(
      'the file is read',
      async () => {
        const { files } = JSON.parse((await runLeadsync(['status', '--json'], environment)).stdout) as {
          files: readonly { readonly state: string }[];
        };
        return files.some(({ state }) => state === 'read');
      },
      600_000,
    );
  },
};
/** Of the updates' service the leads before them are left out, too. */
const from = { leads: 0.4, updates: 0.6, reading: 0.4 };

const page = join(import.meta.dirname, '..', 'docs/profile.md');
const wanted = process.argv.slice(2);
for (const path of ['reading', 'leads', 'updates'] as const) {
  if (wanted.length > 0 && !wanted.includes(path)) continue;
  const folder = await mkdtemp(join(tmpdir(), 'leadsync-profile-'));
  const remote = await startRemote();
  const installation = await install({ url: remote.url, concurrency: 64, profiles: folder });
  try {
    await paths[path](installation);
    await installation.stop();
    await put(path, await flameGraph(await largestIn(folder), from[path]));
  } finally {
    await installation.abandon();
    await remote.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The service's: a launcher and commands write small ones. */
async function largestIn(folder: string): Promise<string> {
  const files = (await readdir(folder)).map((name) => join(folder, name));
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  return files[sizes.indexOf(Math.max(...sizes))] ?? '';
}

async function put(path: string, graph: string): Promise<void> {
  const text = await readFile(page, 'utf8');
  const [begin, end] = [`<!-- ${path} -->`, `<!-- /${path} -->`];
  const [before, after] = [text.split(begin)[0], text.split(end)[1]];
  if (before === undefined || after === undefined) throw new Error(`${page} has lost ${begin} or ${end}`);
  await writeFile(page, `${before}${begin}\n\`\`\`text\n${graph}\n\`\`\`\n${end}${after}`);
}
