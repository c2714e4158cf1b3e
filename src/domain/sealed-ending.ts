/** How the names of files end that are kept sealed. What stands beside such a file is called without it. */
export const sealedEnding = '.sealed';

/** The name or path by which what stands beside a kept file is called. */
export function withoutSealedEnding(path: string): string {
  return path.endsWith(sealedEnding) ? path.slice(0, -sealedEnding.length) : path;
}
