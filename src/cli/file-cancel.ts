import { cancelFile } from '../app/cancel-file.ts';
import { lookAtFile } from '../app/claim-file.ts';
import { createdLeadCells, createdLeadColumns, createdLeads, type CreatedLead } from '../app/created-leads.ts';
import { refusal, type RefusedAct } from '../app/file-act.ts';
import type { Act } from '../app/ports/held-files.ts';
import { formatCsvLine } from '../domain/csv-line.ts';
import type { Cli, OpenedLedger } from './cli.ts';
import { countUnsent } from '../view/file-remains.ts';
import { sayBegun } from '../view/file-taken.ts';
import { outcomeWords } from '../view/outcome-words.ts';
import { createProgress } from './progress.ts';
import { formatTable } from './table.ts';

interface Cancelling {
  readonly cli: Cli;
  readonly opened: OpenedLedger;
  readonly id: string;
  readonly act: Act;
  readonly options: { readonly csv?: boolean; readonly json?: boolean; readonly yes?: boolean };
}

/** On a terminal; --csv and --json have all of them. */
const rowsShown = 50;

/** Asks, cancels, and lists the leads that the insurer has to be told of. */
export async function cancelCommand(
  { cli, opened, id, act, options }: Cancelling,
  refuse: (refused: RefusedAct) => Promise<void>,
): Promise<void> {
  const { seen, begun } = await lookAtFile(opened, id);
  const file = await opened.ledger.fileView(id);
  const unsent = countUnsent(file?.counts ?? {});
  if (file !== null && begun !== null) {
    if (!isAsked(cli, options)) return refuse(refusal('under_way', file, begun));
    cli.out.note(sayBegun(id, begun, opened.surroundings.timeZone));
  }
  if (file !== null && !(await isWanted(cli, options, unsent))) return cli.out.note('nothing was cancelled');
  const progress = createProgress(cli.out, 'cancel');
  const done = await cancelFile(opened, id, { ...act, seen }, (rows) => progress.show(rows, Math.max(rows, unsent)));
  progress.stop();
  if (done.kind === 'refused') return refuse(done);
  const { rows } = done;
  const leads = createdLeads(opened, id);
  if (options.json === true) return printJson(cli, { id, rows }, leads);
  const says = `${rows} ${rows === 1 ? 'row' : 'rows'} of file ${id} cancelled: nothing of ${rows === 1 ? 'it' : 'them'} was sent`;
  if (options.csv === true) {
    cli.out.note(says);
    return printCsv(cli, leads);
  }
  cli.out.print(says);
  await printTable(cli, leads);
}

/** A script has decided by its reason; a person is shown what there is, and asked. */
function isAsked(cli: Cli, { yes }: Cancelling['options']): boolean {
  return yes !== true && cli.out.isTerminal;
}

async function isWanted(cli: Cli, options: Cancelling['options'], unsent: number): Promise<boolean> {
  if (!isAsked(cli, options)) return true;
  return /^y(?:es)?$/i.test(await cli.out.ask(`Cancel ${unsent} ${unsent === 1 ? 'row' : 'rows'}? [y/N]`));
}

async function printCsv(cli: Cli, leads: AsyncIterable<CreatedLead>): Promise<void> {
  const line = (cells: readonly string[]): void => cli.out.print(formatCsvLine(cells, ';').trimEnd());
  line(createdLeadColumns);
  for await (const lead of leads) line(createdLeadCells(lead));
}

async function printJson(
  cli: Cli,
  { id, rows }: { readonly id: string; readonly rows: number },
  leads: AsyncIterable<CreatedLead>,
): Promise<void> {
  const list = [];
  for await (const { row, partnerLeadId } of leads) {
    const { rowNumber, state, leadId, idLanding, updatedAt } = row;
    list.push({ id: row.id, row: rowNumber, state, leadId, idLanding, partnerLeadId, updatedAt });
  }
  cli.out.print(JSON.stringify({ file: id, cancelled: rows, leads: list }, null, 2));
}

async function printTable(cli: Cli, leads: AsyncIterable<CreatedLead>): Promise<void> {
  const lines: string[][] = [];
  let more = 0;
  for await (const lead of leads) {
    if (lines.length === rowsShown) more += 1;
    else {
      const [row = '', , leadId = '', , partnerLeadId = ''] = createdLeadCells(lead);
      lines.push([row, outcomeWords[lead.row.state].word, leadId, partnerLeadId]);
    }
  }
  if (lines.length === 0) return cli.out.print('No lead of it exists.');
  const table = formatTable(
    [
      { header: 'row', align: 'right' },
      { header: 'state' },
      { header: 'leadId', canShrink: true },
      { header: 'partnerLeadId', canShrink: true },
    ],
    lines,
    cli.out.width,
  );
  cli.out.print(`\nLeads that exist or may exist: tell the insurer if they are not wanted\n${table}`);
  if (more > 0) cli.out.print(`and ${more} more: --csv`);
}
