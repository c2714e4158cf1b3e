// Checks an export of the audit log (leadsync audit export) without leadsync, with Node 20 or newer and nothing else:
//
//   node verify-audit.mjs export.ndjson PUBLIC-KEY [checkpoints.ndjson …]
//
// Each line is an entry, or the seal of the entries above it. A seal holds the SHA-256 of its entries' SHA-256s, the hash
// of the seal before it, and an Ed25519 signature. PUBLIC-KEY is what `leadsync audit key` printed, on the day you took
// it down. Exit code 0: every line is as it was sealed. 1: the first thing that is not is named.
import { createHash, createPublicKey, verify } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const [path, publicKey, ...checkpointPaths] = process.argv.slice(2);
const say = (line) => process.stdout.write(`${line}\n`);
const end = (code, line) => {
  process.stderr.write(`${line}\n`);
  process.exit(code);
};
if (path === undefined || publicKey === undefined) {
  end(2, 'usage: node verify-audit.mjs export.ndjson PUBLIC-KEY [checkpoints.ndjson …]');
}
const sha256 = (data) => createHash('sha256').update(data).digest();
const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), Buffer.from(publicKey, 'base64')]);
const key = createPublicKey({ key: spki, format: 'der', type: 'spki' });

const fail = (what) => end(1, `NOT as it was sealed: ${what}`);

let digests = [];
let lastEntry = 'none';
let previous = null;
let entries = 0;
const hashes = new Map();

for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
  if (!line.startsWith('{"seal":')) {
    digests.push(sha256(line));
    lastEntry = /^\{"seq":(\d+)/.exec(line)?.[1] ?? fail(`a line after entry ${lastEntry} is no entry`);
    continue;
  }
  const { seal: text, signature } = JSON.parse(line);
  const seal = JSON.parse(text);
  const name = `seal ${seal.no} (entries ${seal.firstSeq} to ${seal.lastSeq})`;
  if (!verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64'))) fail(`${name}: its signature`);
  if (digests.length !== seal.entries) fail(`${name}: it closes ${seal.entries} entries, here are ${digests.length}`);
  if (sha256(Buffer.concat(digests)).toString('hex') !== seal.digest) fail(`${name}: an entry was changed or moved`);
  if (previous !== null && (seal.previous !== previous.hash || seal.no !== previous.no + 1)) {
    fail(`${name}: it does not follow seal ${previous.no}`);
  }
  if (seal.no === 1 && seal.previous !== null) fail(`${name}: something stood before it`);
  const hash = sha256(text).toString('hex');
  hashes.set(`${seal.ledger} ${seal.no}`, hash);
  previous = { no: seal.no, lastSeq: seal.lastSeq, hash, ledger: seal.ledger, sealedAt: seal.sealedAt };
  entries += digests.length;
  digests = [];
}
if (previous === null) fail('there is no seal in it');
if (digests.length > 0) fail(`${digests.length} entries at the end, to ${lastEntry}, have no seal`);

let compared = 0;
for (const line of checkpointPaths.flatMap((one) => readFileSync(one, 'utf8').split('\n'))) {
  if (line.trim() === '') continue;
  const { ledger, no, hash } = JSON.parse(line);
  if (ledger !== previous.ledger) continue;
  if (no > previous.no)
    fail(
      `it ends at seal ${previous.no} (entry ${previous.lastSeq}), and a checkpoint has seal ${no}: the rest was cut off`,
    );
  const own = hashes.get(`${ledger} ${no}`);
  if (own !== undefined && own !== hash) fail(`seal ${no} is not the one of the checkpoint`);
  if (own !== undefined) compared += 1;
}
say(`${entries} entries are as they were sealed; the last seal is ${previous.no}, of ${previous.sealedAt}`);
say(
  compared === 0
    ? 'no checkpoint was compared: an export that was cut off looks whole'
    : `${compared} checkpoints agree`,
);
