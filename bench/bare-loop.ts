import { Pool } from 'undici';

let runs = 0;

/** Calls to make and nothing else: the same client and the same calls, as many of them under way, nothing recorded. */
export async function runBareLoop(
  url: string,
  rows: number,
  options: { readonly paths: readonly string[]; readonly concurrency: number },
): Promise<number> {
  const { paths, concurrency } = options;
  const pool = new Pool(url, { connections: concurrency, allowH2: false, pipelining: 1 });
  const run = (runs += 1);
  let next = 0;
  async function lane(): Promise<void> {
    for (let row = (next += 1); row <= rows; row = next += 1) {
      const body = JSON.stringify({
        leadId: 'F-1',
        nif: '99000001A',
        estado: '101',
        partnerLeadId: `bare-${run}-${row}`,
      });
      for (const path of paths) {
        const headers = { 'content-type': 'application/json' };
        const answer = await pool.request({ method: 'POST', path, headers, body });
        await answer.body.json();
      }
    }
  }
  const started = performance.now();
  await Promise.all(Array.from({ length: concurrency }, lane));
  const tookMs = performance.now() - started;
  await pool.close();
  return tookMs;
}
