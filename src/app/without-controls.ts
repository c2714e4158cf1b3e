/** PostgreSQL refuses a NUL in a text, and an answer with a good leadId must not be lost to a bad idLanding. */
export function withoutControls(text: string | null): string | null {
  return text === null ? null : text.replaceAll(/\p{Cc}/gu, '').slice(0, 255);
}
