import { createOutput } from '../cli/output.ts';
import { ConfigFault } from '../domain/config-fault.ts';
import { allCommands } from './all-commands.ts';
import { createCli } from './create-cli.ts';
import { keepYoungHeapSmall } from './young-heap.ts';

keepYoungHeapSmall();

const out = createOutput(process.stdout, process.stderr, process.stdin);
const cli = createCli(out);

try {
  await allCommands(cli).parseAsync(process.argv);
} catch (error) {
  if (!(error instanceof ConfigFault)) throw error;
  cli.end(2, `${error.code}\n${error.message}`);
}
