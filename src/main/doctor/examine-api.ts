import { randomBytes } from 'node:crypto';
import type { Cli } from '../../cli/cli.ts';
import { oneLine } from '../../cli/text-width.ts';
import { UsageFault } from '../../cli/usage-fault.ts';
import type { Config } from '../../config/config.ts';
import type { CheckedFinding } from '../../conformance/check.ts';
import { checksOf } from '../../conformance/checks.ts';
import { openDeployment } from '../../conformance/deployment.ts';
import { costOf, runChecks } from '../../conformance/run-checks.ts';
import { testName } from '../../conformance/test-lead.ts';
import { ConfigFault } from '../../domain/config-fault.ts';
import { readNif } from '../../domain/nif.ts';
import { version } from '../checkout.ts';
import { contractOf } from '../contract-of.ts';
import { readLeadFields } from './api-options.ts';
import type { ApiOptions } from './api-options.ts';
import { createReport } from './finding-text.ts';

/** Of nobody; our sandbox takes it for a prospect whom the partner manages. */
const syntheticNif = '12345601Y';

type Api = NonNullable<Config['api']>;
type Environment = NonNullable<Config['environment']>;

/**
 * Examines the configured Leads API: finding by finding as text, or all of them as JSON at the end. True when no `must`
 * has failed. Throws a ConfigFault without an API and a UsageFault where nothing may be sent.
 */
export async function examineApi(cli: Cli, config: Config, options: ApiOptions, json: boolean): Promise<boolean> {
  const { api, environment } = apiOf(config);
  const write = options.write === true;
  if (write && environment === 'production' && options.reallyWrite !== true) {
    throw new UsageFault(
      '--write: expected --really-write with it in production, where leads are real work for people',
    );
  }
  const contract = contractOf(api.version);
  const known = contract.leadFields.map(({ name }) => name);
  const fields = readLeadFields(options, known, testName);
  const checks = checksOf(contract, { write });
  const nif = await askNif(cli, environment, options.nif);
  const { calls, leads } = costOf(checks);
  cli.out.note(
    `${api.url} (${environment}), NIF …${nif.slice(-4)}: at most ${calls} calls one after another, ` +
      `${api.ratePerSecond === 0 ? 'without a limit' : `${api.ratePerSecond} a second at most`}` +
      (write ? `; up to ${leads} leads named "${testName}" may be created` : '; nothing is created'),
  );
  if (write && !(await isWanted(cli, leads, options))) {
    cli.out.note('nothing was sent');
    return true;
  }
  const deployment = openDeployment({
    ...api,
    environment,
    contract,
    userAgent: `leadsync/${version} doctor${api.contact === null ? '' : ` (${api.contact})`}`,
    subject: { nif, run: randomBytes(4).toString('hex'), fields },
    onWait: ({ retryAfter, waitMs }) => {
      const asked = retryAfter === null ? 'later' : `later (Retry-After: ${oneLine(retryAfter)})`;
      cli.out.note(`asked to come back ${asked}, waiting ${Math.ceil(waitMs / 1_000)} s`);
    },
  });
  const report = createReport(
    checks.map(({ name }) => name),
    cli.out.width,
  );
  const findings: CheckedFinding[] = [];
  try {
    for await (const finding of runChecks(deployment, checks)) {
      if (!json) cli.out.print(report.tell(finding));
      findings.push(finding);
    }
    cli.out.print(json ? JSON.stringify(findings, null, 2) : report.sum(findings, deployment.leadIds()));
  } finally {
    await deployment.close();
  }
  return !findings.some(({ level, result }) => level === 'must' && result === 'fail');
}

function apiOf({ api, environment }: Config): { readonly api: Api; readonly environment: Environment } {
  if (api === null || environment === null) {
    throw new ConfigFault('CONFIG_INVALID', 'LEADS_API_URL: expected the URL of the Leads API, found nothing');
  }
  return { api, environment };
}

async function askNif(cli: Cli, environment: Environment, typed: string | undefined): Promise<string> {
  if (typed === undefined && environment === 'sandbox') return syntheticNif;
  if (typed === undefined && !cli.out.isTerminal) {
    throw new UsageFault(
      `--nif: expected - with a NIF on standard input, whom the API in ${environment} may be asked about`,
    );
  }
  const read = readNif(await cli.out.ask('NIF to ask the API about:'));
  if (read.kind === 'nif') return read.nif;
  throw new UsageFault(`--nif: expected a NIF; got something else (${read.reason})`);
}

/** A script has decided by its arguments; a person is asked. */
async function isWanted(cli: Cli, leads: number, { yes }: ApiOptions): Promise<boolean> {
  if (yes === true || !cli.out.isTerminal) return true;
  return /^y(?:es)?$/i.test(await cli.out.ask(`Create up to ${leads} test leads there? [y/N]`));
}
