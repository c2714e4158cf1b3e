/**
 * What an answer's body was recognised as. Structurally equal to the types of the same names in
 * domain/call-outcome.ts; declared here because the contract imports nothing of ours.
 */
export type RecognisedBody<A> =
  | { readonly kind: 'answer'; readonly answer: A }
  | { readonly kind: 'ko'; readonly message: string | null }
  | { readonly kind: 'refusal'; readonly message: string | null }
  | { readonly kind: 'gateway'; readonly errorcode: string }
  | { readonly kind: 'incomplete'; readonly mismatch: boolean }
  | { readonly kind: 'unrecognised' };

export interface ClientAnswer {
  readonly client: boolean;
  readonly partnerManage: boolean;
  readonly agentId: string | null;
  readonly multiAcceso: boolean | null;
  readonly reference: string | null;
}

export interface LeadAnswer {
  readonly leadId: string;
  readonly idLanding: string | null;
  readonly message: string | null;
  readonly ko: boolean;
}

export interface UpdateAnswer {
  readonly leadId: string;
  readonly message: string | null;
}
