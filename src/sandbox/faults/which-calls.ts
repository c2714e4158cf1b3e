import { z } from 'zod';
import { foldedNif } from '../folded-nif.ts';

/**
 * Which calls an order strikes; part of every order. Ids are matched exactly, a NIF without case and separators; a
 * matcher that is absent matches all.
 * Calls are counted per order, from the moment of the order.
 */
export const whichCalls = {
  endpoint: z
    .enum(['clientData', 'altaLead', 'updateLead', 'token'])
    .optional()
    .describe('Absent: all but the token endpoint, which is struck by name only.'),
  partnerLeadId: z.string().optional().describe('Of an alta lead; for an update, of its lead.'),
  nif: z.string().optional().describe('Of a client data request, or the dni of an alta lead.'),
  leadId: z.string().optional().describe('Of an update.'),
  nth: z.int().min(1).default(1).describe('The first matching call that may be struck. Defaults to 1.'),
  times: z
    .int()
    .min(0)
    .optional()
    .describe('How many calls are struck; 0 is all. Defaults to 1; with a probability and for maintenance to 0.'),
  probability: z
    .number()
    .gt(0)
    .max(1)
    .optional()
    .describe('Each call is struck with this probability, drawn from the seed. Defaults to 1.'),
};

type Endpoint = 'clientData' | 'altaLead' | 'updateLead' | 'token';
const matchers = ['partnerLeadId', 'nif', 'leadId'] as const;
type Matcher = (typeof matchers)[number];

/** What a call says of whom it is about. */
const saidBy: Readonly<Record<Endpoint, readonly Matcher[]>> = {
  clientData: ['nif'],
  altaLead: ['partnerLeadId', 'nif'],
  updateLead: ['partnerLeadId', 'leadId'],
  token: [],
};

type Asked = Readonly<Partial<Record<Matcher, string | undefined>>> & { readonly endpoint?: Endpoint | undefined };

/** The matcher for which an order can never strike, as no endpoint says all that it asks for; null: it may. */
export function neverMatched(asked: Asked): Matcher | null {
  const given = matchers.filter((matcher) => asked[matcher] !== undefined);
  const among = asked.endpoint === undefined ? (['clientData', 'altaLead', 'updateLead'] as const) : [asked.endpoint];
  if (among.some((endpoint) => given.every((matcher) => saidBy[endpoint].includes(matcher)))) return null;
  return given.findLast((matcher) => !among.every((endpoint) => saidBy[endpoint].includes(matcher))) ?? null;
}

/** Whether a call is one of those that an order is for. */
export function isMatched(
  asked: Asked,
  call: Readonly<Record<Matcher, string | null>> & { readonly endpoint: Endpoint },
): boolean {
  if (asked.endpoint === undefined ? call.endpoint === 'token' : asked.endpoint !== call.endpoint) return false;
  return matchers.every((matcher) => {
    const [wanted, said] = [asked[matcher], call[matcher]];
    if (wanted === undefined || wanted === said) return true;
    return matcher === 'nif' && said !== null && foldedNif(wanted) !== null && foldedNif(wanted) === foldedNif(said);
  });
}
