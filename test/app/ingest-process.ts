import { ingestFile } from '../../src/app/ingest-file.ts';
import { anIntake } from './an-intake.ts';

/**
 * Reads one file in a process of its own, so that a test can kill it: `node ingest-process.ts URL HOME FILE-ID`. Prints
 * what it came to and how many bytes were read, as one line of JSON.
 */
const [url = '', home = '', fileId = ''] = process.argv.slice(2);
const intake = await anIntake(url, home);
const end = await ingestFile(intake.ports, fileId, new AbortController().signal);
console.log(JSON.stringify({ outcome: end.kind === 'done' ? end.outcome : end.kind, bytesRead: intake.bytesRead() }));
await intake.close();
