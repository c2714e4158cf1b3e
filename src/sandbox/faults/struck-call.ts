import type { FastifyReply, FastifyRequest } from 'fastify';

/** What an endpoint has to say, before it becomes HTTP. */
export interface Answer {
  readonly status: number;
  readonly body: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A call that a fault strikes. */
export interface StruckCall {
  /** Does what the call asks for and says what would be answered. Once at most: nothing here recognises a repetition. */
  work(): Promise<Answer>;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  /** When the fault was ordered, in epoch milliseconds. */
  readonly orderedAtMs: number;
}

/** How each effect of a family is carried out, by its name. */
export type Effects<F extends { readonly effect: string }> = {
  readonly [E in F['effect']]: (fault: Extract<F, { readonly effect: E }>, call: StruckCall) => Promise<FastifyReply>;
};
