/**
 * Whether a JSON object gives a name of its own, not of one inside it, twice. JSON.parse keeps the last value without a
 * word, and of two leadIds nobody can know which is the lead's. The text must be JSON.
 */
export function repeatsName(json: string): boolean {
  const names = new Set<string>();
  let depth = 0;
  let text = '';
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]:]/g)) {
    if (token === '{' || token === '[') depth += 1;
    else if (token === '}' || token === ']') depth -= 1;
    else if (token !== ':') text = token;
    else if (depth === 1) {
      const name = String(JSON.parse(text));
      if (names.has(name)) return true;
      names.add(name);
    }
  }
  return false;
}
