import { createSmtpSender } from '../adapters/mail/smtp-sender.ts';
import type { Teller } from '../app/deliver.ts';
import type { NightEndings } from '../app/end-nights.ts';
import type { Partners } from '../app/ports.ts';
import type { ClaimedDelivery } from '../app/ports/delivery-ledger.ts';
import type { Folders } from '../app/ports/folders.ts';
import type { Webhooks } from '../app/ports/webhooks.ts';
import { readNight, type NightReportPorts } from '../app/read-night.ts';
import type { Config } from '../config/config.ts';
import { subjectOf, summarise, textOf, type NightSummary } from '../view/night-summary.ts';
import { partnerNightText } from '../view/partner-night.ts';
import { takeStock, type StockPorts } from '../view/take-stock.ts';

/** The outbox of those who run leadsync. No partner can be called so. */
export const opsOutbox = '_ops';

const mailTimes = { timeoutMs: 15_000, deadlineMs: 60_000 };

/** Who is told of a night, and what there is to tell. */
export function nightEndings(config: Config, ports: NightReportPorts & StockPorts): NightEndings {
  const { summary } = config;
  return {
    at: summary.at,
    targets: [
      { channel: 'file', recipient: null },
      ...(summary.webhook === null ? [] : [{ channel: 'webhook', recipient: null } as const]),
      ...(summary.email === null ? [] : [{ channel: 'email', recipient: null } as const]),
    ],
    async summarise(night) {
      const report = await readNight(ports, night);
      const { needsPerson } = await takeStock(ports, { limit: 1 });
      return summarise(report, needsPerson, ports.settings);
    },
  };
}

/** Writes summaries into outboxes: for those who run leadsync, and for partners that ask for it. */
export function tellByFile({
  folders,
  partners,
}: {
  readonly folders: Pick<Folders, 'publish'>;
  readonly partners: Partners;
}): Teller {
  return async (delivery) => {
    const summary = summaryOf(delivery);
    const { recipient } = delivery;
    try {
      if (recipient === null) {
        await folders.publish(opsOutbox, `${summary.night}.summary.txt`, [textOf(summary)]);
        await folders.publish(opsOutbox, `${summary.night}.summary.json`, [`${JSON.stringify(summary, null, 2)}\n`]);
        return { kind: 'delivered' };
      }
      // Its outbox is no business of ours any more.
      const partner = partners.get(recipient);
      if (partner === null && !partners.isBroken(recipient)) return { kind: 'dropped' };
      const text = partnerNightText(summary, recipient, partner?.results.language ?? 'es');
      if (text !== null) await folders.publish(recipient, `night-${summary.night}.summary.txt`, [text]);
      return { kind: 'delivered' };
    } catch {
      return { kind: 'failed', code: 'DELIVERY_UNWRITABLE', httpStatus: null, retryAfterMs: null };
    }
  };
}

export function tellByMail({ email }: Config['summary'], ledgerId: string): { readonly tell: Teller; close(): void } {
  if (email === null) return { tell: async () => ({ kind: 'dropped' }), close: () => undefined };
  const sender = createSmtpSender({ ...email, ...mailTimes });
  return {
    tell: (delivery) => {
      const summary = summaryOf(delivery);
      return sender.send({
        id: `night-${summary.night}-${delivery.id}.${ledgerId}@leadsync.invalid`,
        to: email.to,
        subject: subjectOf(summary),
        text: textOf(summary),
        at: delivery.createdAt,
      });
    },
    close: () => sender.close(),
  };
}

/** Posts a summary to those who run leadsync. */
export function tellNightByWebhook({ webhook }: Config['summary'], sender: Webhooks, ledgerId: string): Teller {
  return async (delivery) => {
    if (webhook === null) return { kind: 'dropped' };
    const body = { type: 'night.ended', timestamp: delivery.createdAt.toISOString(), data: summaryOf(delivery) };
    return sender.send({
      url: webhook.url,
      id: `msg_${ledgerId}_${delivery.id}`,
      body: JSON.stringify(body),
      secrets: webhook.secrets,
      // Whoever sets the environment may send where they like.
      isForeign: false,
    });
  };
}

/** As it was written down when the night ended. */
function summaryOf({ payload }: ClaimedDelivery): NightSummary {
  return payload as NightSummary;
}
