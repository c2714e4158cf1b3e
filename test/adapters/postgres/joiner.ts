import { rmdirSync } from 'node:fs';
import { joinEmbeddedDatabase } from '../../../src/adapters/postgres/embedded-database.ts';

// A process of its own: joins the home it is given, says where, and leaves when its standard input ends.
const [home = '', mode] = process.argv.slice(2);
if (mode === 'without-a-working-directory') rmdirSync(process.cwd());
const database = await joinEmbeddedDatabase({ home });
console.log(JSON.stringify({ url: database.url, place: database.place }));
process.stdin.resume().once('end', () => void database.leave());
