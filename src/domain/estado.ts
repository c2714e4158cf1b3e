/** The values of `estado` after which a lead takes no more updates. The contract names one: '20', GAM closure. */
const finalEstados: ReadonlySet<string> = new Set(['20']);

/** `more`: those that a partner config adds to the table. */
export function isFinalEstado(estado: string, more: readonly string[] = []): boolean {
  return finalEstados.has(estado) || more.includes(estado);
}
