/** A block of code on the documentation page. */
export interface ShownFigure {
  readonly kind: 'command' | 'answer' | 'text';
  /** Which call it belongs to; empty for none. */
  readonly call: string;
  readonly status: number | null;
  readonly text: string;
}

/** Every block of code that `/docs` shows, in the order of the page. */
export async function shownFigures(url: string): Promise<readonly ShownFigure[]> {
  const page = await (await fetch(`${url}/docs`)).text();
  const figures = page.matchAll(
    /<figure[^>]*data-kind="(\w+)"[^>]*data-call="([^"]*)"[^>]*data-status="(\d*)"[^>]*>[\s\S]*?<pre><code>([\s\S]*?)<\/code><\/pre>/g,
  );
  return [...figures].map(([, kind, call = '', status = '', code = '']) => ({
    kind: kind as ShownFigure['kind'],
    call,
    status: status === '' ? null : Number(status),
    text: plain(code),
  }));
}

function plain(code: string): string {
  const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', '#39': "'", amp: '&' };
  return code.replaceAll(/<[^>]*>/g, '').replaceAll(/&([^;]+);/g, (whole, name: string) => entities[name] ?? whole);
}
