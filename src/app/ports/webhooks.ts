import type { DeliveryOutcome } from '../../domain/delivery.ts';

/** Posts to addresses of others. */
export interface Webhooks {
  /** Sends a message once, to its end. No redirect is followed, and nothing that the network does throws. */
  send(message: WebhookMessage): Promise<DeliveryOutcome>;
}

export interface WebhookMessage {
  readonly url: string;
  /** The same at every try, so that a receiver can tell a repetition. */
  readonly id: string;
  readonly body: string;
  /** As the Standard Webhooks specification writes them, the newest first. Without one nothing is signed. */
  readonly secrets: readonly string[];
  /** The address was given by somebody else than who runs this machine: private ones are refused. */
  readonly isForeign: boolean;
}
