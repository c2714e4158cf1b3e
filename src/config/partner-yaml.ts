import { createHash } from 'node:crypto';
import { parse, YAMLParseError } from 'yaml';
import type { z } from 'zod';
import { ConfigFault } from '../domain/config-fault.ts';
import type { Partner } from '../domain/partner.ts';
import { partnerSchema, type PartnerYaml } from './partner-schema.ts';

/**
 * One partner's YAML, validated, with every default filled in. Throws a ConfigFault that names the file, the path in it,
 * what was expected and what was found. `readTable` reads a CSV beside the YAML (`agent.byPostalCode`).
 */
export function parsePartner(
  id: string,
  text: string,
  options: { readonly timeZone: string; readonly readTable: (name: string) => string },
): Partner {
  const parsed = partnerSchema.safeParse(readYaml(id, text));
  if (!parsed.success) throw new ConfigFault('CONFIG_PARTNER_INVALID', explain(id, parsed.error));
  const yaml = parsed.data;
  if (yaml.partner !== id) {
    throw new ConfigFault('CONFIG_PARTNER_INVALID', `${id}.yaml: partner: expected "${id}", the file's name, found "${yaml.partner}"`);
  }
  const table = yaml.agent.byPostalCode === undefined ? '' : options.readTable(yaml.agent.byPostalCode);
  const version = createHash('sha256').update(text).update('\0').update(table).digest('hex').slice(0, 12);
  return toPartner(yaml, version, readAgents(id, table), options.timeZone);
}

function readYaml(id: string, text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    const where = error instanceof YAMLParseError ? error.message.split('\n')[0] : 'unreadable';
    throw new ConfigFault('CONFIG_PARTNER_INVALID', `${id}.yaml: expected YAML, found: ${where}`, { cause: error });
  }
}

function explain(id: string, error: z.ZodError): string {
  return error.issues.map((issue) => `${id}.yaml: ${issue.path.join('.') || 'the file'}: ${issue.message}`).join('\n');
}

function toPartner(yaml: PartnerYaml, version: string, byPostalCode: Record<string, string>, timeZone: string): Partner {
  const { agent, canal, communication, updates, files } = yaml;
  return Object.freeze({
    id: yaml.partner,
    version,
    defaults: yaml.defaults,
    files: { leads: toPattern(files.leads), updates: toPattern(files.updates) },
    columns: Object.fromEntries(
      Object.entries(yaml.columns).map(([field, source]) => [field, Array.isArray(source) ? { headers: source } : source]),
    ),
    identity: yaml.identity,
    codes: yaml.codes,
    consent: yaml.consent,
    agent: { default: agent.default ?? null, byPostalCode, fromCheck: agent.fromCheck },
    canal: { client: canal.client ?? null, prospect: canal.prospect ?? null },
    withoutNif: yaml.withoutNif,
    tooLong: yaml.tooLong,
    updates: { ...updates, orderBy: updates.orderBy ?? null, observacion: updates.observacion ?? null },
    schedule: yaml.schedule === undefined ? null : { cron: yaml.schedule.cron, timeZone: yaml.schedule.timeZone ?? timeZone },
    results: yaml.results,
    communication: { shared: communication.shared ?? null, own: communication.own ?? null },
    limits: yaml.limits,
  });
}

function toPattern(pattern: PartnerYaml['files']['leads']): Partner['files']['leads'] {
  if (pattern === undefined) return null;
  const { match, delimiter, encoding } = pattern;
  return { match, ...(delimiter === undefined ? {} : { delimiter }), ...(encoding === undefined ? {} : { encoding }) };
}

/** Two columns: postal code, agent. A line that is neither a header nor such a pair is a fault. */
function readAgents(id: string, table: string): Record<string, string> {
  const agents: Record<string, string> = {};
  for (const [index, line] of table.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue;
    const [, postalCode, agent] = /^"?(\d{5})"?[;,\t]"?(\d{7})"?\s*$/.exec(line) ?? [];
    if (postalCode !== undefined && agent !== undefined) agents[postalCode] = agent;
    else if (index > 0) {
      throw new ConfigFault('CONFIG_PARTNER_INVALID', `${id}.yaml: agent.byPostalCode: line ${index + 1}: expected 5 digits, a delimiter and 7 digits`);
    }
  }
  return agents;
}
