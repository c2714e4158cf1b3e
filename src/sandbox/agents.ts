/** Someone who works a lead for the insurer. */
export interface Agent {
  /** Seven digits. */
  readonly agentId: string;
  readonly name: string;
}

/** The agent of the people whose numbers end in these two digits (…45: 0051245). */
export function agentIdOf(lastTwo: string): string {
  return `00512${lastTwo}`;
}

/** The hundred agents that the rule about clients (clients.ts) can name; nobody's names. */
export const agents: readonly Agent[] = Array.from({ length: 100 }, (_, number) => {
  const lastTwo = String(number).padStart(2, '0');
  return { agentId: agentIdOf(lastTwo), name: `Agencia Ejemplo ${lastTwo}` };
});
