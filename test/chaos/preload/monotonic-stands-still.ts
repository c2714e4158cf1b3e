/**
 * A machine that was suspended: its monotonic clock did not run meanwhile. Whatever time this process could not work in
 * (SIGSTOP, a blocked event loop) is missing from `performance.now()`, and the wall clock alone knows of it.
 */
const tickMs = 50;
const suspendedMs = 500;
const now = performance.now.bind(performance);
let last = now();
let missing = 0;

function read(): number {
  const real = now();
  if (real - last > suspendedMs) missing += real - last;
  last = real;
  return real - missing;
}

setInterval(read, tickMs).unref();
performance.now = read;
