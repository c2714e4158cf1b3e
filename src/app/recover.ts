import { judgeGap } from '../domain/judge-gap.ts';
import type { Ports } from './ports.ts';
import type { GapLedger, LostCreate } from './ports/gap-ledger.ts';
import type { Act } from './ports/held-files.ts';
import type { FoundRequest, Spool, SpooledAnswer } from './ports/spool.ts';
import { withoutControls } from './without-controls.ts';

type RecoverPorts = Pick<Ports, 'ledger' | 'vault'> & {
  readonly gap: GapLedger;
  readonly spool: Pick<Spool, 'answersOf' | 'creates' | 'id'>;
};

/** A lead of which the ledger lacks creates, and what the spool says became of it. */
export interface LostLead {
  /** Every create of it that the ledger lacks. */
  readonly attempts: readonly string[];
  /** Null: each of them provably did nothing. */
  readonly doubt: { readonly request: FoundRequest; readonly answer: SpooledAnswer | null } | null;
}

export interface RecoveryReport {
  readonly registered: number;
  readonly inDoubt: number;
  /** Of both, leads whose rows this ledger does not have: they hold the lead's place until its file comes again. */
  readonly entered: number;
  /** The ledger had a verdict on the lead already, and kept it. */
  readonly kept: number;
}

const lookedUpAtOnce = 1_000;
const recoveredAtOnce = 500;

/** What the spool knows and the ledger does not, lead by lead. Changes nothing. */
export async function previewRecovery({
  gap,
  spool,
}: Pick<RecoverPorts, 'gap' | 'spool'>): Promise<readonly LostLead[]> {
  const lost: FoundRequest[] = [];
  let page: FoundRequest[] = [];
  async function lookUp(): Promise<void> {
    const missing = new Set(await gap.missing(page.map(({ attemptId }) => attemptId)));
    lost.push(...page.filter(({ attemptId }) => missing.has(attemptId)));
    page = [];
  }
  for await (const request of spool.creates()) {
    page.push(request);
    if (page.length >= lookedUpAtOnce) await lookUp();
  }
  await lookUp();

  const answers = new Map<string, SpooledAnswer>();
  for (const [instance, requests] of Map.groupBy(lost, (request) => request.instance)) {
    const wanted = new Set(requests.map(({ attemptId }) => attemptId));
    for (const answer of await spool.answersOf(instance, wanted)) answers.set(answer.attemptId, answer);
  }
  const byLead = Map.groupBy(lost, ({ partner, identity }) => `${partner} ${identity ?? ''}`);
  return [...byLead.values()].map((requests) => judge(requests, answers));
}

function judge(requests: readonly FoundRequest[], answers: ReadonlyMap<string, SpooledAnswer>): LostLead {
  const ordered = requests.toSorted((one, other) => one.at.getTime() - other.at.getTime());
  const verdict = judgeGap(
    ordered.map((request) => {
      const answer = answers.get(request.attemptId) ?? null;
      return { request, answer, outcome: answer?.outcome ?? null, leadId: answer?.leadId ?? null };
    }),
  );
  const attempts = ordered.map(({ attemptId }) => attemptId);
  return { attempts, doubt: verdict.kind === 'nothing' ? null : verdict.by };
}

/**
 * Tells the ledger what it lacks: each lead is put in doubt, and registered where the spool has its leadId. Repeatable:
 * what was done before a crash is missing no more. Work stays paused: a person lets it go on.
 */
export async function recover(
  ports: RecoverPorts,
  lost: readonly LostLead[],
  of: { readonly act: Act; readonly done?: (leads: number) => void },
): Promise<RecoveryReport> {
  const report = { registered: 0, inDoubt: 0, entered: 0, kept: 0 };
  for (let start = 0; start < lost.length; start += recoveredAtOnce) {
    const batch = lost.slice(start, start + recoveredAtOnce);
    const doubts = batch.flatMap(({ doubt }) => doubt ?? []);
    const put = await ports.gap.putInDoubt(await Promise.all(doubts.map((doubt) => lostCreate(ports, doubt))), of.act);
    const answers = new Map(doubts.map(({ request, answer }) => [request.attemptId, answer]));
    report.kept += doubts.length - put.length;
    for (const row of put) {
      if (row.isNew) report.entered += 1;
      if (await register(ports, row, answers.get(row.attemptId) ?? null, of.act)) report.registered += 1;
      else report.inDoubt += 1;
    }
    // Last: after a crash before this the leads are looked at once more, and come to be in doubt a second time at worst.
    await ports.gap.settle(batch.flatMap(({ attempts }) => attempts));
    of.done?.(start + batch.length);
  }
  await ports.gap.endGap(ports.spool.id, of.act);
  return report;
}

async function register(
  { ledger }: RecoverPorts,
  { rowId, attemptId, fence }: { readonly rowId: string; readonly attemptId: string; readonly fence: number },
  answer: SpooledAnswer | null,
  { actor, reason }: Act,
): Promise<boolean> {
  if (answer?.outcome !== 'answered' || answer.leadId === undefined) return false;
  const { idLanding, ...end } = answer;
  const result = await ledger.move({
    rowId,
    from: ['in_doubt'],
    fence,
    attempt: attemptId,
    to: 'registered',
    set: { leadId: answer.leadId, idLanding: withoutControls(idLanding), code: answer.code, step: null },
    end,
    audit: { action: 'row.answer_found', actor, reason, code: answer.code },
  });
  return result.won;
}

async function lostCreate({ vault }: RecoverPorts, { request }: NonNullable<LostLead['doubt']>): Promise<LostCreate> {
  const { attemptId, instance, at, partner, identity, content } = request;
  const key = await vault.keyFor(partner);
  const payload = key.seal(JSON.stringify({ fields: {}, partnerLeadId: null }));
  return { attemptId, instance, at, partner, identity: identity ?? '', content, keyId: key.id, payload };
}
