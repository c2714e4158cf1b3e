import type { Check, CheckedFinding, Finding } from './check.ts';
import type { Deployment } from './deployment.ts';

/** Runs the checks in their order, one call after another, and hands out each finding as it comes. */
export async function* runChecks(deployment: Deployment, checks: readonly Check[]): AsyncGenerator<CheckedFinding> {
  const results = new Map<string, Finding['result']>();
  for (const check of checks) {
    const { name, level, spec, needs } = check;
    const calls = deployment.exchanges.length;
    const finding = isMet(needs, results) ? await runOne(deployment, check) : skippedWithout(needs);
    results.set(name, finding.result);
    yield { name, level, spec, ...finding, calls: deployment.exchanges.length - calls };
  }
}

/** Calls that the checks make at most, and leads that they may leave behind. */
export function costOf(checks: readonly Check[]): { readonly calls: number; readonly leads: number } {
  return {
    calls: checks.reduce((sum, check) => sum + check.calls, 0),
    leads: checks.reduce((sum, check) => sum + (check.leads ?? 0), 0),
  };
}

function runOne(deployment: Deployment, check: Check): Promise<Finding> {
  deployment.begin(check);
  return check.run(deployment);
}

function isMet(needs: string | undefined, results: ReadonlyMap<string, Finding['result']>): boolean {
  if (needs === undefined) return true;
  const result = results.get(needs);
  return result === 'pass' || result === 'observed';
}

function skippedWithout(needs: string | undefined): Finding {
  return { result: 'skipped', expected: `${needs} first`, got: `not run: ${needs} has to pass first`, set: null };
}
