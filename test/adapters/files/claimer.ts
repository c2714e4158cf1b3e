import { once } from 'node:events';
import { createFolders } from '../../../src/adapters/files/folders.ts';
import { bytesUnderTest } from '../crypto/bytes-under-test.ts';
import { noCompanions } from '../../../src/domain/companion-file.ts';

/** A process that, once its input ends, claims what it finds until it has looked ten times at nothing: `claimer.ts ROOT`. A name and a hash a line. */
const [root = ''] = process.argv.slice(2);
const folders = createFolders({
  inbox: `${root}/inbox`,
  outbox: `${root}/outbox`,
  archive: `${root}/archive`,
  rejected: `${root}/rejected`,
  arrivalAgeMs: 100,
  bytes: bytesUnderTest(root),
});
process.stdout.write('ready\n');
process.stdin.resume();
await once(process.stdin, 'end');
for (let idle = 0; idle < 10;) {
  const { ready, folders: sights } = await folders.scan(() => noCompanions);
  for (const found of ready) {
    const claimed = await folders.claim(found);
    if (claimed === null) continue;
    process.stdout.write(`${claimed.name} ${claimed.sha256}\n`);
  }
  idle = ready.length === 0 && sights.length === 0 ? idle + 1 : 0;
}
