/** The values of `estado` after which a lead takes no more updates. The contract names one: '20', GAM closure. */
const finalEstados: ReadonlySet<string> = new Set(['20']);

export function isFinalEstado(estado: string): boolean {
  return finalEstados.has(estado);
}
