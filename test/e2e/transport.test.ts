import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { selfSigned } from '../adapters/leads-api/self-signed.ts';
import { expired, ofAnotherHost } from '../adapters/leads-api/strange-certificates.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { runLeadsync } from '../support/leadsync-process.ts';
import { scratchFolder, type ScratchFolder } from '../support/scratch-folder.ts';
import { startPostgresTlsFront, type TlsFront } from '../support/tls-front.ts';

/** How the certificate of the database is looked at, by whole processes and on real TLS connections. */

let scratch: ScratchFolder;
let database: TestDatabase;
const fronts: TlsFront[] = [];
const pem = (name: string) => join(scratch.path, `${name}.pem`);

beforeAll(async () => {
  scratch = await scratchFolder();
  database = await createTestDatabase('transport');
  await Promise.all(
    Object.entries({ selfSigned, expired, ofAnotherHost }).map(([name, { cert }]) => writeFile(pem(name), cert)),
  );
});
afterAll(async () => {
  await Promise.all(fronts.map((front) => front.close()));
  await database.drop();
  await scratch.remove();
});

async function open(front: Promise<TlsFront>): Promise<TlsFront> {
  const opened = await front;
  fronts.push(opened);
  return opened;
}

/** `leadsync status` of a ledger behind this front. */
async function statusBehind(front: TlsFront, query: string, env: Readonly<Record<string, string>> = {}) {
  const url = new URL(database.url);
  url.port = String(front.port);
  url.search = query;
  const ran = await runLeadsync(['status'], {
    LEADSYNC_HOME: scratch.path,
    DATABASE_URL: url.href,
    LEADSYNC_SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
    ...env,
  });
  expect(ran.output).not.toContain(url.password);
  expect(ran.output).not.toMatch(/^ {4}at /m);
  return ran;
}

const postgresPort = () => Number(new URL(database.url).port);

describe('the database', () => {
  it('is spoken to over TLS when its certificate is of the authority that is named', async () => {
    const front = await open(startPostgresTlsFront(selfSigned, postgresPort()));
    const { code, output } = await statusBehind(front, `sslmode=require&sslrootcert=${pem('selfSigned')}`);
    expect(code, output).toBe(0);
    expect(front.bytesSeen()).toBeGreaterThan(1_000);
    // What pg says of modes that will mean less one day is nothing for an operator.
    expect(output).not.toContain('SECURITY WARNING');
  });

  it.each([
    ['of an authority that nobody has named', selfSigned, 'sslmode=require', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['that has ended', expired, 'sslrootcert=expired', 'CERT_HAS_EXPIRED'],
    ['of another host', ofAnotherHost, 'sslrootcert=ofAnotherHost', 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['that there is none of', null, 'sslmode=verify-full', 'a server without TLS'],
  ])('is told nothing with a certificate %s', async (_name, credentials, query, found) => {
    const front = await open(startPostgresTlsFront(credentials, postgresPort()));
    const { code, output } = await statusBehind(front, query.replace(/(?<=sslrootcert=)\w+/, pem));
    expect(code, output).toBe(2);
    expect(output).toContain('CONFIG_TLS_UNTRUSTED\nDATABASE_URL: expected a certificate');
    expect(output).toContain(found);
    expect(front.bytesSeen()).toBe(0);
  });

  it.each([
    ['a query', 'sslmode=no-verify', {}],
    ['the environment of PostgreSQL', '', { PGSSLMODE: 'no-verify' }],
    ['the environment of Node', 'sslmode=verify-full', { NODE_TLS_REJECT_UNAUTHORIZED: '0' }],
  ])('is not asked at all where %s switches the check off', async (_name, query, env) => {
    const front = await open(startPostgresTlsFront(selfSigned, postgresPort()));
    const { code, output } = await statusBehind(front, query, env);
    expect(code, output).toBe(2);
    expect(output).toContain('CONFIG_TLS_OFF');
    expect(front.bytesSeen()).toBe(0);
  });
});
