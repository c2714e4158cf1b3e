import { html } from 'hono/html';
import type { Html } from '../page/page.ts';
import { noEstado } from './filters.ts';
import { nothing } from './nothing.ts';

/** "Value '20' for GAM closure", says the specification of update lead. It names no other. */
export function isClosure(estado: string): boolean {
  return estado === '20';
}

/** As an option of a list says it. */
export function estadoLabel(estado: string): string {
  if (estado === noEstado) return 'no update yet';
  return isClosure(estado) ? `${estado} · cierre en GAM` : estado;
}

/** Null is a lead without an update. */
export function estadoBadge(estado: string | null): Html {
  if (estado === null) return nothing(estadoLabel(noEstado));
  return html`<span class="badge ${isClosure(estado) ? 'good' : 'accent'}">${estadoLabel(estado)}</span>`;
}
