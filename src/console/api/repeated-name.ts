/**
 * Whether an object in a JSON text, at whatever depth, gives a name twice. JSON.parse keeps the last value without a word,
 * and what stands before us may have looked at the first. The text must be JSON.
 */
export function repeatsAnyName(json: string): boolean {
  const within: (Set<string> | null)[] = [];
  let text = '';
  for (const [token] of json.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]:]/g)) {
    if (token === '{') within.push(new Set());
    else if (token === '[') within.push(null);
    else if (token === '}' || token === ']') within.pop();
    else if (token !== ':') text = token;
    else {
      const names = within.at(-1);
      const name = String(JSON.parse(text));
      if (names?.has(name) === true) return true;
      names?.add(name);
    }
  }
  return false;
}
