import type { CallOutcome, ClientAnswer, Evidence, LeadAnswer, UpdateAnswer } from '../../src/domain/call-outcome.ts';
import type { Call, CallResult, LeadsApi } from '../../src/app/ports/leads-api.ts';
import type { Tables } from '../support/in-memory/tables.ts';
import { longestJourneyMs, settings } from './limits.ts';
import type { Process, World } from './world.ts';

/** A lead that the API has, as its own database knows it. */
export interface CreatedLead {
  readonly leadId: string;
  readonly partnerLeadId: string;
  /** By its Idempotency-Key, which the API ignores. */
  readonly rowId: string;
  readonly at: number;
}

export interface AppliedUpdate {
  readonly leadId: string;
  readonly rowId: string;
  readonly at: number;
}

export interface RemoteApi {
  readonly created: CreatedLead[];
  readonly applied: AppliedUpdate[];
  /** Hears of each create in the tick in which it happens. */
  onCreate: (lead: CreatedLead) => void;
  /** Hears of each create between its intent and the first byte. */
  onConnect: (process: Process) => void;
  /** Chance that a call goes wrong in one of the many ways. */
  faults: number;
  /** What every call meets at the moment. */
  weather: 'fair' | 'down' | 'halted' | 'busy';
  /** The API as one process sees it. */
  clientOf(process: Process, obeysBudget: boolean): LeadsApi;
}

/** What becomes of one request. `arrivesInMs` null: never. `answer` null: the sender hears nothing. */
interface Journey<A> {
  readonly arrivesInMs: number | null;
  readonly handle: () => CallOutcome<A> | null;
}

/** The insurer's API with its own record of the truth: no request is ever recognised as a repeat of another. */
export function createRemoteApi(world: World, tables: Tables) {
  const { random } = world;
  const created: CreatedLead[] = [];
  const applied: AppliedUpdate[] = [];
  const api: RemoteApi = {
    created,
    applied,
    onCreate: () => undefined,
    onConnect: () => undefined,
    faults: 0,
    weather: 'fair',
    clientOf: (process, obeysBudget) => clientOf(process, obeysBudget),
  };

  function clientOf(process: Process, obeysBudget: boolean): LeadsApi {
    return {
      checkClient: (_nif, call) => send<ClientAnswer>(process, call, obeysBudget, () => check(random.chance(0.95))),
      createLead(lead, call) {
        api.onConnect(process);
        return send<LeadAnswer>(process, call, obeysBudget, () => create(lead['partnerLeadId'] ?? '', rowIdOf(call)));
      },
      updateLead: ({ leadId }, call) =>
        send<UpdateAnswer>(process, call, obeysBudget, () => update(leadId, rowIdOf(call))),
      close: async () => undefined,
    };
  }

  /**
   * Connecting takes time in which the process may be paused; asking `maySend` and writing are one tick; then the request
   * is on its way whatever becomes of its sender.
   */
  function send<A>(
    process: Process,
    call: Call,
    obeysBudget: boolean,
    carryOut: () => CallOutcome<A>,
  ): Promise<CallResult<A>> {
    return new Promise((resolve) => {
      world.laterIn(process, random.between(0, random.chance(0.1) ? 3_000 : 5), () => {
        const end = (outcome: CallOutcome<A>, evidence: Evidence): void =>
          resolve({ outcome, evidence, httpStatus: evidence === 'response_complete' ? 200 : null });
        if (obeysBudget && !call.maySend()) {
          end({ kind: 'not_sent', code: 'API_NOT_SENT', withheld: true }, 'never_written');
          return;
        }
        const unreached = unreachedBy<A>();
        if (unreached !== null) {
          world.laterIn(process, random.between(0, 50), () =>
            end(unreached, unreached.kind === 'not_sent' ? 'never_written' : 'response_complete'),
          );
          return;
        }
        const journey = journeyOf(carryOut);
        if (journey.arrivesInMs !== null) {
          world.later(journey.arrivesInMs, () => {
            const answer = journey.handle();
            if (answer !== null) world.laterIn(process, random.between(0, 30), () => end(answer, 'response_complete'));
          });
        }
        world.laterIn(process, settings.callDeadlineMs, () =>
          end({ kind: 'ambiguous', code: 'API_NO_ANSWER' }, 'maybe_written'),
        );
      });
    });
  }

  function unreachedBy<A>(): CallOutcome<A> | null {
    switch (api.weather) {
      case 'down':
        return { kind: 'not_sent', code: 'API_NOT_SENT', withheld: false };
      case 'halted':
        return { kind: 'halted', code: 'API_HALTED_CREDENTIALS' };
      case 'busy':
        return { kind: 'try_later', code: 'API_TRY_LATER', afterMs: random.between(500, 5_000) };
      case 'fair':
        break;
    }
    if (!random.chance(api.faults / 3)) return null;
    return random.pick<CallOutcome<A>>([
      { kind: 'not_sent', code: 'API_NOT_SENT', withheld: false },
      { kind: 'try_later', code: 'API_TRY_LATER', afterMs: null },
      { kind: 'halted', code: 'API_HALTED_CREDENTIALS' },
      { kind: 'inconclusive', code: 'API_KO', message: null },
      { kind: 'refused', code: 'API_REFUSED', message: null },
    ]);
  }

  function journeyOf<A>(carryOut: () => CallOutcome<A>): Journey<A> {
    const soon = random.between(1, 200);
    const late = random.between(settings.callDeadlineMs, longestJourneyMs);
    if (!random.chance(api.faults)) return { arrivesInMs: soon, handle: carryOut };
    return random.pick<Journey<A>>([
      // The request is lost.
      { arrivesInMs: null, handle: () => null },
      // Its answer is lost, or cut off, or a gateway's 502 stands in for it.
      { arrivesInMs: soon, handle: () => (carryOut(), null) },
      { arrivesInMs: soon, handle: () => (carryOut(), { kind: 'ambiguous', code: 'API_NO_ANSWER' }) },
      // An error of which nobody knows whether it came before or after the deed: before.
      { arrivesInMs: soon, handle: () => ({ kind: 'ambiguous', code: 'API_NO_ANSWER' }) },
      // It lies in a buffer until long after its sender has given up.
      { arrivesInMs: late, handle: () => (carryOut(), null) },
      { arrivesInMs: late, handle: carryOut },
    ]);
  }

  function check(managed: boolean): CallOutcome<ClientAnswer> {
    const answer = { client: false, partnerManage: managed, agentId: '0051245', multiAcceso: null, reference: null };
    return { kind: 'answered', answer };
  }

  function create(partnerLeadId: string, rowId: string): CallOutcome<LeadAnswer> {
    const lead = { leadId: `L${created.length + 1}`, partnerLeadId, rowId, at: world.now() };
    created.push(lead);
    api.onCreate(lead);
    const told = random.chance(api.faults / 4) ? leadIdOfAnother(rowId) : null;
    return {
      kind: 'answered',
      answer: { leadId: told ?? lead.leadId, idLanding: null, message: null, ko: random.chance(api.faults / 4) },
    };
  }

  /** An API that confuses its leads: the id is one that another row is registered under. */
  function leadIdOfAnother(rowId: string): string | null {
    const others = [...tables.rows.values()].filter(
      (row) => row.kind === 'lead' && row.state === 'registered' && row.id !== rowId,
    );
    return others.length === 0 ? null : random.pick(others).leadId;
  }

  function update(leadId: string, rowId: string): CallOutcome<UpdateAnswer> {
    applied.push({ leadId, rowId, at: world.now() });
    return { kind: 'answered', answer: { leadId, message: null } };
  }

  return api;
}

/** `ls-<ledger>-<row>`, with the number of the replay behind it. */
function rowIdOf({ idempotencyKey }: Call): string {
  return idempotencyKey.split('-')[2] ?? '';
}
