/** No answer of this API comes near it. A longer one ends the call like a truncated one. */
export const maxBodyBytes = 256 * 1024;

/**
 * The JSON of a body, or undefined where it is none: empty, HTML, cut off, or longer than `maxBodyBytes` (undici's
 * `maxResponseSize` ends those). Never throws. Whole numbers too large for a double come as text, digit for digit, or a
 * long numeric leadId would be recorded wrong.
 */
export async function readBody(body: { bytes(): Promise<Uint8Array> }): Promise<unknown> {
  try {
    return JSON.parse(new TextDecoder().decode(await body.bytes()), keepLongNumbers);
  } catch {
    return undefined;
  }
}

function keepLongNumbers(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const source = context?.source;
  return typeof value === 'number' && source !== undefined && /^\d{16,}$/.test(source) ? source : value;
}
