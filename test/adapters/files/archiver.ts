import { createFolders } from '../../../src/adapters/files/folders.ts';
import { bytesUnderTest } from '../crypto/bytes-under-test.ts';

/** A process that archives every claimed file under the number in its name: `archiver.ts ROOT`. Says a line before each. */
const [root = ''] = process.argv.slice(2);
const folders = createFolders({
  inbox: `${root}/inbox`,
  outbox: `${root}/outbox`,
  archive: `${root}/archive`,
  rejected: `${root}/rejected`,
  arrivalAgeMs: 100,
  bytes: bytesUnderTest(root),
});
for (const file of await folders.listClaimed()) {
  process.stdout.write(`${file.name}\n`);
  await folders.archive(file, file.name.replace(/\D/g, ''));
}
