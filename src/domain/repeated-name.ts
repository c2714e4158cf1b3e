/**
 * Whether a JSON text gives a name twice in one object: in the outermost alone, or at whatever depth. JSON.parse keeps the
 * last value without a word, and who stands before us may have looked at the first. The text must be JSON.
 */
export function repeatsName(json: string, where: 'outermost' | 'anywhere'): boolean {
  // One for each object or array that is open.
  const open: Set<string>[] = [];
  let text = '';
  for (const [token] of json.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]:]/g)) {
    if (token === '{' || token === '[') open.push(new Set());
    else if (token === '}' || token === ']') open.pop();
    else if (token !== ':') text = token;
    else if (where === 'anywhere' || open.length === 1) {
      const names = open.at(-1);
      const name = String(JSON.parse(text));
      if (names?.has(name) === true) return true;
      names?.add(name);
    }
  }
  return false;
}
