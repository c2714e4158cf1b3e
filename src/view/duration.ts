const units = { s: 1_000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 } as const;

/** Milliseconds of `90s`, `30m`, `2h`, `7d` or `1w`; null for anything else. */
export function readDuration(text: string): number | null {
  const [, amount, unit] = /^(\d{1,6})\s*(s|m|min|h|d|w)$/i.exec(text.trim()) ?? [];
  if (amount === undefined || unit === undefined) return null;
  return Number(amount) * units[unit.toLowerCase() as keyof typeof units];
}

/** For people: the largest unit, rounded up, so that whoever waits that long has waited long enough. */
export function sayDuration(ms: number): string {
  const seconds = Math.ceil(Math.max(0, ms) / 1_000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.ceil(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.ceil(hours / 24)} days`;
}
