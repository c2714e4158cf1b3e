import type { Command } from 'commander';
import type { RefusedAct } from '../app/file-act.ts';
import type { Act } from '../app/ports/held-files.ts';
import type { Cli, OpenedLedger } from './cli.ts';
import { requiredReason } from './required-reason.ts';
import { readId } from './typed-number.ts';
import { UsageFault } from './usage-fault.ts';

interface FileOptions {
  readonly hold?: boolean;
  readonly release?: boolean;
  readonly now?: boolean;
  readonly reject?: boolean;
  readonly cancel?: boolean;
  readonly reread?: boolean;
  readonly saveAs?: string;
  readonly reason?: string;
  readonly csv?: boolean;
  readonly json?: boolean;
  readonly yes?: boolean;
}

const wishes = ['hold', 'release', 'now', 'reject', 'cancel', 'reread', 'saveAs'] as const;
type Wish = (typeof wishes)[number];

/** `leadsync file ID`: what a person does with one file. */
export function registerFile(program: Command, cli: Cli): void {
  program
    .command('file')
    .description('one file: hold it, let it through, begin it now, turn it away, cancel it, read it again, take it out')
    .argument('<file-id>', 'as `leadsync status` shows it')
    .option('--hold', 'nothing further of it is read or sent, from now on')
    .option('--release', 'a held file goes on where it stopped')
    .option('--now', 'a file that waits for its hour is read and sent at once')
    .option('--reject', 'to rejected/ with the reason beside it; for files of which nothing was created')
    .option('--cancel', 'cancels what has not been sent, and lists the leads that exist')
    .option('--reread', 'reads the archived bytes again with the mapping in force; shows first what would change')
    .option('--save-as <path>', 'writes the bytes that are kept of it to a new file, plain; audited as an export')
    .option('--reason <text>', 'why; it is audited, and with --reject the partner reads it')
    .option('--csv', 'with --cancel: the list as CSV on standard output')
    .option('--json', 'what was done, as an object')
    .option('--yes', 'do not ask')
    .addHelpText(
      'after',
      `
A call that was announced before --hold comes to its end; none begins after it.
Cancelled rows stay cancelled until somebody replays them.
--cancel and --reread are done by one alone, at a console or here: who comes
while somebody is at it is told who. After a crash that is over in 15 minutes,
or at once for who is asked on a terminal.

Exit code: 1 when nothing was done because of what has happened to the file,
2 when the file is not in a state for it.

Examples:
  leadsync file 12 --release --reason "the partner confirms the new column"
  leadsync file 12 --now --reason "came after the run of tonight"
  leadsync file 12 --reject --reason "export broke off"
  leadsync file 12 --cancel --reason "wrong campaign" --csv > tell-insurer.csv
  leadsync file 12 --reread --reason "columns mended"
  leadsync file 12 --save-as /tmp/12.csv --reason "the partner asks for it"
`,
    )
    .action(async (idText: string, options: FileOptions) => {
      const id = readId('FILE-ID', idText);
      const wish = readWish(options);
      const act = { actor: cli.actor, reason: requiredReason(options.reason) };
      const opened = await cli.openLedger();
      try {
        await deeds[wish]({ cli, opened, id, act, options });
      } finally {
        await opened.close();
      }
    });
}

function readWish(options: FileOptions): Wish {
  const [wish, ...others] = wishes.filter((one) => options[one] !== undefined);
  if (wish === undefined || others.length > 0) {
    const all = wishes.map((one) => `--${one === 'saveAs' ? 'save-as PATH' : one}`).join(', ');
    throw new UsageFault(`expected one of ${all}; got ${wish === undefined ? 'none' : others.length + 1}`);
  }
  if (options.csv === true && (wish !== 'cancel' || options.json === true)) {
    throw new UsageFault('--csv: expected with --cancel and without --json');
  }
  return wish;
}

interface Deed {
  readonly cli: Cli;
  readonly opened: OpenedLedger;
  readonly id: string;
  readonly act: Act;
  readonly options: FileOptions;
}

const deeds: Readonly<Record<Wish, (deed: Deed) => Promise<void>>> = {
  async hold({ opened, id, act, ...deed }) {
    const { holdFile } = await import('../app/hold-file.ts');
    const done = await holdFile(opened, id, act);
    if (done.kind === 'refused') return refuse(deed.cli, id, done);
    tell(deed, { file: id, state: done.file.state }, `file ${id} is held: no call of it begins from now on`);
  },

  async release({ opened, id, act, ...deed }) {
    const { releaseFile } = await import('../app/hold-file.ts');
    const done = await releaseFile(opened, id, act);
    if (done.kind === 'refused') return refuse(deed.cli, id, done);
    tell(deed, { file: id, state: done.file.state }, `file ${id} goes on: it is ${done.file.state}`);
    if (!(await opened.ledger.serviceAlive('worker'))) deed.cli.out.note('no `leadsync run` is alive to go on with it');
  },

  async now({ opened, id, act, ...deed }) {
    const { letFileGo } = await import('../app/let-file-go.ts');
    const done = await letFileGo(opened, id, act);
    if (done.kind === 'refused') return refuse(deed.cli, id, done);
    tell(deed, { file: id, state: done.file.state }, `file ${id} waits no longer: it is read and sent now`);
    if (!(await opened.ledger.serviceAlive('intake'))) deed.cli.out.note('no `leadsync run` is alive to read it');
  },

  async reject({ opened, id, act, ...deed }) {
    const { rejectFile } = await import('../app/reject-file.ts');
    const done = await rejectFile(opened, id, act);
    if (done.kind === 'refused') return refuse(deed.cli, id, done);
    const says = `file ${id} is rejected: it lies in rejected/${done.file.partner}/ with the reason, and may be sent again`;
    tell(deed, { file: id, state: done.file.state }, says);
  },

  async cancel(deed) {
    const { cancelCommand } = await import('./file-cancel.ts');
    await cancelCommand(deed, (refused) => refuseLong(deed, refused));
  },

  async reread(deed) {
    const { rereadCommand } = await import('./file-reread.ts');
    await rereadCommand(deed, (refused) => refuseLong(deed, refused));
  },

  async saveAs({ opened, id, act, ...deed }) {
    const path = deed.options.saveAs ?? '';
    const [{ takeFileOut }, { writeNewFile }] = await Promise.all([
      import('../app/take-file-out.ts'),
      import('./write-new-file.ts'),
    ]);
    const done = await takeFileOut({ ...opened, auditLog: opened.auditTrail.log }, id, act);
    if (done.kind === 'refused') return refuse(deed.cli, id, done);
    await writeNewFile(path, done.bytes);
    const says = `the bytes of file ${id} are in ${path}, plain: they are personal data, remove them when they have served`;
    tell(deed, { file: id, path }, says);
  },
};

function tell({ cli, options }: Pick<Deed, 'cli' | 'options'>, json: object, says: string): void {
  cli.out.print(options.json === true ? JSON.stringify(json, null, 2) : says);
}

/** The same of what one alone may do: somebody else may be at it. */
async function refuseLong({ cli, opened, id }: Deed, refused: RefusedAct): Promise<void> {
  const { sayTaken } = await import('../view/file-taken.ts');
  const history = await opened.pages.fileHistory(id);
  const taken = sayTaken(refused, history, opened.surroundings.timeZone);
  return taken === null ? refuse(cli, id, refused) : cli.end(1, taken);
}

/** Ends the command with what stands against it. */
function refuse(cli: Cli, id: string, { why, file }: RefusedAct): void {
  const state = file?.state ?? '';
  switch (why) {
    case 'no_file':
      return cli.end(2, `error: FILE-ID: expected the id of a file (\`leadsync status\` lists them); got "${id}"`);
    case 'over':
      return cli.end(2, `file ${id} is ${state}: nothing of it is left to do that with`);
    case 'moved_on':
    case 'under_way':
      return cli.end(1, `somebody was quicker with file ${id}`);
    case 'held_already':
      return cli.end(2, `file ${id} is held already: ${file?.code ?? ''}`);
    case 'not_held':
      return cli.end(2, `file ${id} is not held, it is ${state}`);
    case 'not_waiting':
      return cli.end(2, `file ${id} does not wait for an hour, it is ${state}`);
    case 'not_read':
      return cli.end(2, `file ${id} has not been read to its end: --hold or --reject`);
    case 'leads_exist':
      return cli.end(1, `leads of file ${id} exist or may exist, so it can not be turned away: --cancel`);
    case 'not_here':
      return cli.end(1, `the bytes of file ${id} are not on this host: run it where its inbox and archive are`);
    case 'no_config':
      return cli.end(2, `partner ${file?.partner ?? ''} has no config: partners/${file?.partner ?? ''}.yaml`);
  }
}
