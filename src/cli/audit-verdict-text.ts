import type { AuditVerdict } from '../app/verify-audit.ts';
import { describeAuditFault } from '../domain/audit-faults.ts';

/** What a check of the audit log has shown, for people: the first thing that is wrong comes first. */
export function auditVerdictText(verdict: AuditVerdict, checkpoints: number): string {
  const { entries, seals, unsealed, faults, faultCount, lastSeal } = verdict;
  const lines = faults.map((fault) => `  ${describeAuditFault(fault)}`);
  const more = faultCount - faults.length;
  if (more > 0) lines.push(`  and ${more} more`);
  if (faultCount > 0) lines.unshift('The audit log is not as it was sealed:');
  else if (lastSeal === null) lines.push('Nothing is sealed yet: a running service seals every 15 seconds.');
  else
    lines.push(`The audit log is as it was sealed, up to seal ${lastSeal.no} of ${lastSeal.sealedAt.slice(0, 19)}Z.`);
  lines.push(
    `${entries} entries, ${seals} seals, ${unsealed} ${unsealed === 1 ? 'entry waits' : 'entries wait'} for the next seal`,
  );
  lines.push(
    checkpoints === 0
      ? 'no checkpoint from outside the database: a log that was cut off would look whole'
      : `${checkpoints} ${checkpoints === 1 ? 'checkpoint' : 'checkpoints'} from outside the database`,
  );
  return lines.join('\n');
}
