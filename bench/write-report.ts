import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { median, shown, verdictOf, type Result } from './result.ts';

const docs = join(import.meta.dirname, '..', 'docs');
const begin = '<!-- measured -->';
const end = '<!-- /measured -->';

/** Puts what was measured into docs/benchmarks.md, between its two marks, and draws docs/benchmarks.svg. */
export async function writeReport(results: readonly Result[], surroundings: readonly string[]): Promise<void> {
  const page = join(docs, 'benchmarks.md');
  const text = await readFile(page, 'utf8');
  const [before, after] = [text.split(begin)[0], text.split(end)[1]];
  if (before === undefined || after === undefined) throw new Error(`${page} has lost ${begin} or ${end}`);
  const table = [
    '| what | ratio | least to most | budget | | figures |',
    '| --- | --- | --- | --- | --- | --- |',
    ...results.map(row),
  ];
  const middle = [surroundings.join('; '), '', ...table].join('\n');
  await writeFile(page, `${before}${begin}\n${middle}\n${end}${after}`);
  await writeFile(join(docs, 'benchmarks.svg'), chart(results));
}

function row(result: Result): string {
  const { name, ratios, budget, bound, says } = result;
  const spread = `${shown(Math.min(...ratios))} to ${shown(Math.max(...ratios))}`;
  const aim = budget === null ? '' : `${bound} ${budget}`;
  return `| ${name} | ${shown(median(ratios))} | ${spread} | ${aim} | ${verdictOf(result)} | ${says} |`;
}

const lineHeight = 44;
const barLeft = 20;
/** Where a bar ends that just meets its budget. */
const budgetAt = 520;
const width = 760;

/** One bar a budget: how far each is met. What reaches the line meets it. */
function chart(results: readonly Result[]): string {
  const bars = results.flatMap((result) => {
    const { name, ratios, budget, bound } = result;
    if (budget === null) return [];
    const share = bound === 'at least' ? median(ratios) / budget : budget / median(ratios);
    return [{ name, share, isMet: share >= 1, says: `${shown(median(ratios))}, ${bound} ${budget}` }];
  });
  const height = bars.length * lineHeight + 40;
  const drawn = bars.map(({ name, share, isMet, says }, at) => {
    const y = at * lineHeight + 30;
    const length = Math.min(width - 40, Math.max(2, Math.round((budgetAt - barLeft) * share)));
    return `<text x="${barLeft}" y="${y}">${escape(name)}</text>
<text x="${width - 20}" y="${y}" text-anchor="end" class="${isMet ? 'met' : 'short'}">${escape(says)}</text>
<rect x="${barLeft}" y="${y + 6}" width="${length}" height="12" rx="2" class="${isMet ? 'met' : 'short'}"/>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="Each measure beside its budget">
<style>
text { font: 13px system-ui, sans-serif; fill: #1d2430 }
.met { fill: #1c7a4a } .short { fill: #b3541e }
line { stroke: #1d2430; stroke-dasharray: 3 3 } rect.page { fill: #fff }
@media (prefers-color-scheme: dark) {
  text { fill: #e6e9ef } .met { fill: #58c08a } .short { fill: #e8915b } line { stroke: #e6e9ef } rect.page { fill: #14181f }
}
</style>
<rect class="page" width="${width}" height="${height}"/>
<line x1="${budgetAt}" x2="${budgetAt}" y1="22" y2="${height - 12}"/>
<text x="${budgetAt}" y="14" text-anchor="middle">budget</text>
${drawn.join('\n')}
</svg>
`;
}

const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
