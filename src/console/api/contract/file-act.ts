import { z } from 'zod';
import { actBody } from './act.ts';
import { named } from './schemas.ts';
import { count, faultCode, fileState, ledgerId, moment, rowState } from './values.ts';

/** As `leadsync file --json`. */
export const fileActed = named('FileActed', z.object({ file: ledgerId, state: fileState }));

export const cancelBody = actBody('CancelFile', {
  seen: z.string().max(64).optional().meta({
    description:
      'Of the file, as GET /files/{file} answers it: if anything was done to it since, nothing is done. Without it the file is taken as it is, unless somebody is cancelling it or reading it again.',
  }),
});

/** As `leadsync file --cancel --json`, of the leads the first 200. */
export const fileCancelled = named(
  'FileCancelled',
  z.object({
    file: ledgerId,
    cancelled: count,
    leads: z
      .array(
        z.object({
          id: ledgerId,
          row: count.nullable(),
          state: rowState,
          leadId: z.string().nullable(),
          idLanding: z.string().nullable(),
          partnerLeadId: z.string().nullable(),
          updatedAt: moment,
        }),
      )
      .meta({ description: 'Leads that exist or may exist: the insurer has to be told if they are not wanted.' }),
    hasMoreLeads: z.boolean(),
  }),
);

const changes = z.array(
  z.object({
    from: rowState.nullable(),
    to: z.enum(['stays', 'work', 'rejected', 'duplicate']),
    code: faultCode.nullable(),
    rows: count,
  }),
);

const seen = z.string().max(64).meta({ description: 'Of the preview: what would change now is compared with it.' });

export const rereadPreview = named('RereadPreview', z.object({ file: ledgerId, changes, seen }));
export const rereadBody = actBody('Reread', { seen });
/** As `leadsync file --reread --json`. */
export const fileReread = named('FileReread', z.object({ file: ledgerId, changes, readAs: ledgerId }));
