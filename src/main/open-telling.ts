import { createWebhookSender } from '../adapters/webhook/webhook-sender.ts';
import type { Teller } from '../app/deliver.ts';
import type { NightEndings } from '../app/end-nights.ts';
import { tellPartner } from '../app/tell-partner.ts';
import type { Channel } from '../app/ports/delivery-ledger.ts';
import type { Config } from '../config/config.ts';
import { readWebhookSecrets } from '../config/webhook-secrets.ts';
import { version } from './checkout.ts';
import type { MainLedger } from './open-ledger.ts';
import { nightEndings, tellByFile, tellByMail, tellNightByWebhook } from './tell-nights.ts';

type Tellers = Readonly<Partial<Record<Channel, Teller>>>;

/** Everything that tells somebody outside. */
export interface Telling {
  readonly endings: NightEndings;
  /** Over the network: one process does it. */
  readonly outward: Tellers;
  /** Into outboxes: on a host that has them. */
  readonly outbox: Tellers;
  close(): Promise<void>;
}

const webhookTimeoutMs = 10_000;

export function openTelling(config: Config, opened: MainLedger): Telling {
  const { ledgerId } = opened.settings;
  const webhooks = createWebhookSender({
    allowedNetworks: config.webhookNetworks,
    userAgent: `leadsync/${version}`,
    timeoutMs: webhookTimeoutMs,
  });
  const tellNight = tellNightByWebhook(config.summary, webhooks, ledgerId);
  const partnerPorts = {
    ...opened,
    webhooks,
    secretsIn: (file: string) => readWebhookSecrets(config.folders.partners, file),
  };
  const mail = tellByMail(config.summary, ledgerId);
  return {
    endings: nightEndings(config, opened),
    outward: {
      webhook: (delivery) => (delivery.about === 'night' ? tellNight(delivery) : tellPartner(partnerPorts, delivery)),
      email: mail.tell,
    },
    outbox: { file: tellByFile(opened) },
    async close() {
      mail.close();
      await webhooks.close();
    },
  };
}
