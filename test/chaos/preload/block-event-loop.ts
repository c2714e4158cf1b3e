/** Loaded before leadsync: on SIGUSR2 the event loop stands still for 10 s, timers, sockets and lock renewals with it. */
const blockedMs = 10_000;

process.on('SIGUSR2', () => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, blockedMs);
});
