import type { Surroundings } from './cli.ts';
import { fileProgress, sayShare } from '../view/file-progress.ts';
import { sayHeld } from '../view/held-words.ts';
import { showInstant } from '../view/instant.ts';
import { formatNeeds } from './needs-text.ts';
import { outcomeWords, rowStates, sayFileCounts } from '../view/outcome-words.ts';
import { sayBreaker, sayHalt, sayPause, sayRollCall } from '../view/stop-words.ts';
import { formatTable } from './table.ts';
import type { NamedFile, Stock } from '../view/take-stock.ts';
import { fitText, oneLine, wrapText } from './text-width.ts';
import { faults } from '../domain/faults.ts';

/** `status` for people, within `width` columns except for commands and paths, which are there to be copied. */
export function formatStatus(stock: Stock, surroundings: Surroundings, width: number): string {
  const [only] = stock.files;
  const isOneFile = stock.files.length === 1 && only !== undefined;
  const sections = [
    formatSurroundings(surroundings),
    formatFiles(stock, surroundings.timeZone, width),
    isOneFile ? formatRefusal(only, width) : '',
    formatInboxes(stock, surroundings.timeZone, width),
    formatCounts(stock, width),
    formatStops(stock, surroundings.timeZone, width),
    stock.isIdle ? 'Rows wait for work and no `leadsync run` is alive.' : '',
    formatNeeds(stock.needsPerson, surroundings.timeZone, width),
  ];
  return sections.filter((section) => section !== '').join('\n\n');
}

function formatSurroundings(surroundings: Surroundings): string {
  const { home, environment, ledger, queue, api } = surroundings;
  return Object.entries({ home, environment, ledger, queue, api })
    .map(([name, value]) => `${name.padEnd(12)} ${value}`)
    .join('\n');
}

function formatFiles({ files, hasMoreFiles }: Stock, timeZone: string, width: number): string {
  if (files.length === 0) return 'No file has arrived yet.';
  const table = formatTable(
    [
      { header: 'file', align: 'right' },
      { header: 'partner', canShrink: true },
      { header: 'name', canShrink: true },
      { header: 'kind' },
      { header: 'arrived' },
      { header: 'state' },
      { header: 'done', align: 'right' },
    ],
    files.map((file) => [
      file.id,
      file.partner,
      file.text,
      file.kind,
      showInstant(file.arrivedAt, timeZone).slice(0, 16),
      file.state,
      sayShare(fileProgress(file)),
    ]),
    width,
  );
  const [head, ...lines] = table.split('\n');
  const told = lines.flatMap((line, at) => {
    const file = files[at];
    return file === undefined ? [line] : [line, fitText(`      ${sayWhereItIs(file, timeZone)}`, width)];
  });
  return [head, ...told, ...(hasMoreFiles ? ['older ones: --limit N'] : [])].join('\n');
}

function sayWhereItIs(file: NamedFile, timeZone: string): string {
  if (file.code !== null) return file.code;
  if (!file.waitsForRun) return sayFileCounts(file);
  return `waits for its run at ${showInstant(file.dueAt, timeZone).slice(0, 16)}`;
}

function formatRefusal(file: NamedFile, width: number): string {
  if (file.code === null) return '';
  const { means, then } = faults[file.code];
  const first = file.sameAs === null ? '' : ` The first was file ${file.sameAs}.`;
  const held = sayHeld(file).join(' ');
  return wrapText(`${file.code}: ${means}${first} ${held === '' ? '' : `${held} `}${then}`, width);
}

function formatCounts({ counts }: Stock, width: number): string {
  const order = new Map<string, number>(rowStates.map((state, at) => [state, at]));
  const present = counts
    .filter((count) => count.n > 0)
    .toSorted(
      (a, b) =>
        a.kind.localeCompare(b.kind) ||
        a.partner.localeCompare(b.partner) ||
        (order.get(a.state) ?? 0) - (order.get(b.state) ?? 0),
    );
  if (present.length === 0) return '';
  return formatTable(
    [
      { header: 'kind' },
      { header: 'partner', canShrink: true },
      { header: 'state' },
      { header: 'rows', align: 'right' },
      { header: 'which means', canShrink: true },
    ],
    present.map(({ kind, partner, state, n }) => {
      const { word, means } = outcomeWords[state];
      return [kind, partner, word, String(n), means];
    }),
    width,
  );
}

/** What lies in the inboxes and is not taken, by count: a name may be personal, and is there to be seen. */
function formatInboxes({ inboxes, untaken }: Stock, timeZone: string, width: number): string {
  const lines = inboxes.map(({ partner, arriving, arrivingSince, passedOver, stuck, trouble }) => {
    const since = arrivingSince === null ? '' : ` since ${showInstant(arrivingSince, timeZone).slice(0, 16)}`;
    const parts = [
      arriving > 0 ? `${arriving} arriving${since}` : '',
      stuck > 0 ? `${stuck} stuck` : '',
      trouble ?? '',
      passedOver > 0 ? `${passedOver} passed over (links, devices, pipes)` : '',
    ];
    return wrapText(`inbox of ${partner}: ${parts.filter((part) => part !== '').join(' · ')}`, width);
  });
  const waiting =
    untaken === 0
      ? ''
      : `${untaken} ${untaken === 1 ? 'file lies' : 'files lie'} in the inbox and no \`leadsync run\` is alive.`;
  return [...lines, waiting].filter((line) => line !== '').join('\n');
}

/** What holds calls, a line each. */
function formatStops({ breaker, halts, pauses, rollCall }: Stock, timeZone: string, width: number): string {
  const lines = [
    ...(breaker.state === 'closed' && !breaker.isClimbing ? [] : [sayBreaker(breaker, timeZone)]),
    ...halts.map((halt) => sayHalt(halt, timeZone)),
    ...pauses.map((pause) => sayPause(pause, timeZone)),
    ...(rollCall === null ? [] : [sayRollCall(rollCall, timeZone)]),
  ];
  return lines.map((line) => wrapText(oneLine(line), width)).join('\n');
}
