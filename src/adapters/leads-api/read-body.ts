import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { repeatsName } from '../../domain/repeated-name.ts';

/** No answer of this API comes near it. A longer one ends the call like a truncated one. */
export const maxBodyBytes = 256 * 1024;

/**
 * The JSON of a body, or undefined where it is none: empty, HTML, cut off, longer than `maxBodyBytes` (undici's
 * `maxResponseSize` ends those), or with two values for one name. Never throws. Whole numbers too large for a double
 * come as text, digit for digit, or a long numeric leadId would be recorded wrong. `encoding` is the Content-Encoding: we
 * ask for none, and a gateway that compresses all the same must not cost a leadId.
 */
export async function readBody(
  body: { bytes(): Promise<Uint8Array> },
  encoding: string | null = null,
): Promise<unknown> {
  try {
    // A TextDecoder passes over a byte order mark, which JSON.parse would not.
    const text = new TextDecoder().decode(decode(await body.bytes(), encoding));
    const json: unknown = JSON.parse(text, keepLongNumbers);
    // Of two leadIds nobody can know which is the lead's.
    return repeatsName(text, 'outermost') ? undefined : json;
  } catch {
    return undefined;
  }
}

function decode(bytes: Uint8Array, encoding: string | null): Uint8Array {
  // A small body can grow to gigabytes.
  const limit = { maxOutputLength: maxBodyBytes };
  switch (encoding?.trim().toLowerCase()) {
    case 'gzip':
    case 'x-gzip':
      return gunzipSync(bytes, limit);
    case 'deflate':
      return inflateSync(bytes, limit);
    case 'br':
      return brotliDecompressSync(bytes, limit);
    default:
      return bytes;
  }
}

function keepLongNumbers(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const source = context?.source;
  return typeof value === 'number' && source !== undefined && /^\d{16,}$/.test(source) ? source : value;
}
