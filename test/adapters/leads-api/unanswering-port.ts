import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';

const listener = `const server = require('node:net').createServer();
server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => process.stdout.write(String(server.address().port)));`;

/** A port at which connecting neither succeeds nor fails: its process is frozen and its queue of connections is full. */
export async function startUnansweringPort(): Promise<{ readonly url: string; close(): Promise<void> }> {
  const child = spawn(process.execPath, ['-e', listener], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [port] = (await once(child.stdout, 'data')) as [Buffer];
  child.kill('SIGSTOP');
  const fillers: Socket[] = [];
  // Linux takes one connection more than the backlog, and sometimes another; the one that is not taken closes the door.
  for (let taken = true; taken;) {
    const socket = connect(Number(port), '127.0.0.1');
    socket.on('error', () => {});
    fillers.push(socket);
    taken = await Promise.race([once(socket, 'connect').then(() => true), pause(150).then(() => false)]);
  }
  return {
    url: `http://127.0.0.1:${Number(port)}`,
    async close() {
      for (const socket of fillers) socket.destroy();
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
