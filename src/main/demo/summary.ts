import { openFileName } from '../../app/file-name.ts';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Ports } from '../../app/ports.ts';
import type { LedgerFileView } from '../../app/ports/ledger.ts';
import type { Output } from '../../cli/cli.ts';
import type { Partner } from '../../domain/partner.ts';

type SummaryPorts = Pick<Ports, 'ledger' | 'vault' | 'partners'>;

/** What happened, per partner and outcome, where the result files are, and the first lines of one. */
export async function printSummary(ports: SummaryPorts, out: Output, outbox: string): Promise<void> {
  await printOutcomes(ports, out);
  const paths = await resultPaths(ports, outbox);
  out.print('\nResult files');
  for (const path of paths) out.print(`  ${path}`);
  const [first] = paths;
  if (first !== undefined) {
    out.print(`\nThe first lines of ${first.split('/').at(-1) ?? ''}`);
    for (const line of await firstLines(first, 6)) out.print(`  ${line}`);
  }
}

async function printOutcomes({ ledger, partners }: SummaryPorts, out: Output): Promise<void> {
  const counts = await ledger.counts();
  const named: readonly Pick<Partner, 'id'>[] = partners.list();
  out.print('\nOutcomes');
  for (const { id } of named) {
    const own = counts.filter((count) => count.partner === id && count.n > 0);
    const told = (kind: 'lead' | 'update'): string =>
      own
        .filter((count) => count.kind === kind)
        .map((count) => `${count.n} ${count.state}`)
        .join(' · ');
    if (told('lead') !== '') out.print(`  ${id.padEnd(8)} leads    ${told('lead')}`);
    if (told('update') !== '') out.print(`  ${id.padEnd(8)} updates  ${told('update')}`);
  }
}

async function resultPaths({ ledger, vault }: SummaryPorts, outbox: string): Promise<string[]> {
  const files = await ledger.files({ state: 'settled', limit: 1000 });
  const paths = await Promise.all(
    files.map(async (file: LedgerFileView) =>
      join(outbox, file.partner, `${await openFileName(vault, file)}.${file.id}.results.csv`),
    ),
  );
  return paths.toReversed();
}

async function firstLines(path: string, count: number): Promise<string[]> {
  const handle = await open(path);
  const lines: string[] = [];
  for await (const line of handle.readLines()) {
    lines.push(line.replace(/^\uFEFF/, ''));
    if (lines.length === count) break;
  }
  await handle.close().catch(() => undefined);
  return lines;
}
