/**
 * Whether an object in a JSON text has a name twice, at any depth. JSON.parse keeps the last value without a word, and
 * the caller would never learn that the other was lost. The text must be JSON.
 */
export function repeatsField(json: string): boolean {
  // One for each object or array that is open.
  const open: Set<string>[] = [];
  let text = '';
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]:]/g)) {
    if (token === '{' || token === '[') open.push(new Set());
    else if (token === '}' || token === ']') open.pop();
    else if (token !== ':') text = token;
    else {
      const names = open.at(-1);
      const name = String(JSON.parse(text));
      if (names?.has(name) === true) return true;
      names?.add(name);
    }
  }
  return false;
}
