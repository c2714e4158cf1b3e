/**
 * Lets each code through once in `everyMs`. During an outage every queue and worker reports it at every try to reconnect:
 * thousands of lines an hour that say the same.
 */
export function nowAndThen(say: (code: string) => void, everyMs: number): (code: string) => void {
  const said = new Map<string, number>();
  return (code) => {
    const now = performance.now();
    if (now - (said.get(code) ?? -Infinity) < everyMs) return;
    said.set(code, now);
    say(code);
  };
}
