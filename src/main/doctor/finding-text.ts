import { oneLine, wrapText } from '../../cli/text-width.ts';
import type { CheckedFinding } from '../../conformance/check.ts';

const narrowestText = 30;

/** Lines of a report in columns: level, result, name, what was got. Findings are told as they come. */
export function createReport(names: readonly string[], width: number) {
  const nameWidth = names.reduce((widest, name) => Math.max(widest, whatOf(name).length), 0);
  const indent = ' '.repeat(2 + 6 + 1 + 4 + 2 + nameWidth + 2);
  const wrapWidth = Math.max(width, indent.length + narrowestText);
  let area = '';

  return {
    /** A line of what was got; for a failure what was expected, too; and what follows, where something does. */
    tell(finding: CheckedFinding): string {
      const { name, level, spec, result, expected, got, set } = finding;
      const heading = name.slice(0, name.indexOf('.'));
      const lines = heading === area ? [] : [area === '' ? heading : `\n${heading}`];
      area = heading;
      const head = `  ${level.padEnd(6)} ${resultOf(finding).padEnd(4)}  ${whatOf(name).padEnd(nameWidth)}  `;
      lines.push(head + wrapText(got, wrapWidth, indent).trimStart());
      const more = (text: string) => lines.push(wrapText(text, wrapWidth, indent));
      if (result === 'fail') more(`expected: ${expected}${spec === null ? '' : ` (${spec})`}`);
      if (set !== null) more(`→ ${set}`);
      return lines.join('\n');
    },
    /** What it comes to, and what is left behind at the insurer's. */
    sum(findings: readonly CheckedFinding[], leadIds: readonly string[]): string {
      const count = (result: CheckedFinding['result'], level?: CheckedFinding['level']): number =>
        findings.filter((one) => one.result === result && (level ?? one.level) === one.level).length;
      const calls = findings.reduce((total, finding) => total + finding.calls, 0);
      const counts =
        `${count('pass')} pass · ${count('fail', 'must')} must fail · ${count('fail', 'should')} should fail · ` +
        `${count('observed')} seen · ${count('skipped')} skipped · ${calls} calls`;
      if (leadIds.length === 0) return `\n${counts}`;
      return `\n${counts}\n${wrapText(`leads left behind: ${leadIds.map(oneLine).join(', ')}`, width)}`;
    },
  };
}

function resultOf({ level, result }: CheckedFinding): string {
  if (result === 'observed') return level === 'seen' ? '' : 'n/a';
  return result === 'fail' ? 'FAIL' : result === 'skipped' ? 'skip' : 'pass';
}

function whatOf(name: string): string {
  return name.slice(name.indexOf('.') + 1);
}
