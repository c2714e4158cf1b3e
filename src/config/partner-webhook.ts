import { z } from 'zod';
import { text, yesOrNo } from './partner-scalars.ts';
import { isWebhookUrl } from './webhook-url.ts';

/** Where a partner is told of its files. */
export const webhook = z
  .strictObject({
    url: text('an address')
      .refine(isWebhookUrl, { error: 'an https:// URL without user and password' })
      .describe('Where messages are posted. https, and a public address (LEADSYNC_WEBHOOK_NETWORKS).'),
    secrets: text('a file name')
      .regex(/^[\w][\w.-]*$/, { error: 'the name of a file beside this one' })
      .describe(
        'The name of a file beside this one with the secret that signs them, whsec_…; while it is being changed the new one and, in a second line, the old one.',
      ),
    outcomes: yesOrNo
      .prefault('false')
      .describe('true: what became of each row is posted as well, with its leadId, before the file itself.'),
  })
  .nullable()
  .default(null)
  .describe('Post to the partner when a file is settled, so that its CRM need not look into the outbox.');
