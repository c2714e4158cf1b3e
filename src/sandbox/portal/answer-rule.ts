import type { SandboxClient } from '../clients.ts';
import { clientOf } from '../clients.ts';
import { nifOf } from './nif.ts';

/** People of whom the sandbox says the same, but for the agent's own digits. */
export interface Kind {
  /** Of their NIFs' numbers: one digit (all numbers that end in it, but for the pairs below) or two. */
  readonly endings: readonly string[];
  readonly exampleNif: string;
  readonly said: SandboxClient;
  /** What alta lead then asks of `agenteId`. */
  readonly lead: 'any agent' | 'this agent' | 'refused';
}

/** Every kind of person there is, found by asking the rule about each pair of last digits, so that it can't be told wrong. */
export function kindsOfPeople(): readonly Kind[] {
  const pairsOf = Map.groupBy(
    Array.from({ length: 100 }, (_, number) => String(number).padStart(2, '0')),
    (pair) => distinction(clientOf(nifEndingIn(pair))),
  );
  return [...pairsOf.values()]
    .map((pairs): Kind => {
      // 46 rather than 06: an agent whose number has no zeros in a row is read more easily.
      const exampleNif = nifEndingIn(pairs.find((pair) => pair.startsWith('4')) ?? pairs[0] ?? '');
      const said = clientOf(exampleNif);
      return { endings: endingsOf(pairs), exampleNif, said, lead: leadOf(said) };
    })
    .toSorted((one, other) => (one.endings[0] ?? '').localeCompare(other.endings[0] ?? ''))
    .toSorted((one, other) => (one.endings[0] ?? '').length - (other.endings[0] ?? '').length);
}

function nifEndingIn(pair: string): string {
  return nifOf(Number(`123456${pair}`));
}

/** What is said of a person, without what is theirs alone. */
function distinction({ client, partnerManage, agentId, multiAcceso, ko }: SandboxClient): string {
  return JSON.stringify([client, partnerManage, agentId === null, multiAcceso, ko]);
}

/** A last digit where most of its pairs are here, else the pairs. */
function endingsOf(pairs: readonly string[]): readonly string[] {
  return [...Map.groupBy(pairs, (pair) => pair.slice(-1))].flatMap(([digit, same]) =>
    same.length > 5 ? [digit] : same,
  );
}

function leadOf({ client, partnerManage, agentId }: SandboxClient): Kind['lead'] {
  if (!partnerManage || (client && agentId === null)) return 'refused';
  return client ? 'this agent' : 'any agent';
}
