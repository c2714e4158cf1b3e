// Keeps parts of a page as they are now: by server-sent events, else by asking again. Without it the page is as it was loaded.
{
  const from = document.currentScript.dataset.liveFrom;
  const said = document.querySelector('[data-live-said]');
  const askAgainMs = 10_000;
  const silentMs = 20_000;
  // What the server makes is escaped there; nobody else's text comes this way.
  const policy = globalThis.trustedTypes?.createPolicy('leadsync-live', { createHTML: (text) => text });
  const pending = new Map();
  let lastHeard = Date.now();

  const say = (text) => {
    if (said !== null && said.textContent !== text) said.textContent = text;
  };

  // Nothing is taken from under somebody's hands: what they type or have opened stays until they are done.
  const isInUse = (part) => part.contains(document.activeElement) || part.querySelector('details[open]') !== null;

  const show = () => {
    for (const [name, text] of pending) {
      const part = document.querySelector(`[data-live="${name}"]`);
      if (part !== null && isInUse(part)) continue;
      pending.delete(name);
      if (part !== null) part.innerHTML = policy === undefined ? text : policy.createHTML(text);
    }
  };

  const hear = (parts) => {
    lastHeard = Date.now();
    for (const [name, text] of Object.entries(parts)) pending.set(name, text);
    show();
    say('live');
  };
  document.addEventListener('focusout', () => setTimeout(show));
  document.addEventListener('toggle', () => setTimeout(show), true);

  const over = () => say('Not live any more. Load the page again.');

  let asking = null;
  const ask = async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(from, { headers: { accept: 'application/json' }, redirect: 'error' });
      if (!answer.ok) throw new Error(String(answer.status));
      hear(await answer.json());
    } catch {
      clearInterval(asking);
      over();
    }
  };
  const askAgain = () => {
    if (asking !== null) return;
    asking = setInterval(() => void ask(), askAgainMs);
    void ask();
  };

  const listen = () => {
    if (globalThis.EventSource === undefined) return askAgain();
    const source = new EventSource(from);
    let failures = 0;
    source.addEventListener('parts', (event) => {
      failures = 0;
      hear(JSON.parse(event.data));
    });
    source.addEventListener('over', () => {
      source.close();
      over();
    });
    // It tries again by itself; once for a console that begins anew is enough.
    source.addEventListener('error', () => {
      failures += 1;
      if (source.readyState !== EventSource.CLOSED && failures < 2) return;
      source.close();
      askAgain();
    });
    // A proxy that keeps events back looks like silence.
    const watch = setInterval(() => {
      if (source.readyState === EventSource.CLOSED) return clearInterval(watch);
      if (Date.now() - lastHeard < silentMs) return;
      clearInterval(watch);
      source.close();
      askAgain();
    }, 1_000);
    addEventListener('pagehide', () => source.close());
  };
  listen();
}
