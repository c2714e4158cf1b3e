/** The same port for one page: what it was asked already it answers again, and asks nobody. For questions alone. */
export function askOnce<T extends object>(port: T): T {
  const answers = new Map<string, unknown>();
  return new Proxy(port, {
    get(target, name) {
      const ask: unknown = Reflect.get(target, name);
      if (typeof ask !== 'function') return ask;
      return (...question: readonly unknown[]): unknown => {
        const key = JSON.stringify([String(name), ...question]);
        if (!answers.has(key)) answers.set(key, Reflect.apply(ask, target, question));
        return answers.get(key);
      };
    },
  });
}
