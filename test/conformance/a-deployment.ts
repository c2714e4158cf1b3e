import type { Check, CheckedFinding } from '../../src/conformance/check.ts';
import { checksOf } from '../../src/conformance/checks.ts';
import { openDeployment } from '../../src/conformance/deployment.ts';
import type { Deployment, DeploymentOptions } from '../../src/conformance/deployment.ts';
import { runChecks } from '../../src/conformance/run-checks.ts';
import { contracts } from '../../src/contract/index.ts';

export const contract = contracts['1.2.5'];

/** A deployment at the default paths, asked about a prospect whom the sandbox lets the partner manage. */
export function deploymentAt(url: string, changes: Partial<DeploymentOptions> = {}): Deployment {
  return openDeployment({
    url,
    environment: 'test',
    contract,
    endpoints: {
      clientData: { method: 'POST', path: '/client-data' },
      altaLead: { method: 'POST', path: '/alta-lead' },
      updateLead: { method: 'POST', path: '/update-lead' },
    },
    auth: { kind: 'none' },
    headers: {},
    body: 'json',
    timeoutMs: 3_000,
    ratePerSecond: 0,
    concurrency: 4,
    userAgent: 'leadsync/test doctor',
    tls: {},
    proxy: null,
    subject: { nif: '12345601Y', run: 'test', fields: {} },
    ...changes,
  });
}

export interface Examined {
  readonly findings: readonly CheckedFinding[];
  readonly deployment: Deployment;
  /** By name. Throws for a name that no check has. */
  find(name: string): CheckedFinding;
  /** Names of the checks of these levels that did not pass or observe. */
  unfit(...levels: readonly CheckedFinding['level'][]): readonly string[];
}

/** Runs every check, or those given, and closes the deployment. */
export async function examine(
  deployment: Deployment,
  checks: readonly Check[] = checksOf(contract, { write: true }),
): Promise<Examined> {
  const findings = await Array.fromAsync(runChecks(deployment, checks));
  await deployment.close();
  return {
    findings,
    deployment,
    find(name) {
      const finding = findings.find((one) => one.name === name);
      if (finding === undefined) throw new Error(`no check ${name}`);
      return finding;
    },
    unfit: (...levels) =>
      findings
        .filter(({ level, result }) => levels.includes(level) && result !== 'pass' && result !== 'observed')
        .map(({ name }) => name),
  };
}
