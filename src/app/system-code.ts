/** The system's code of an error, such as ENOSPC. A message would name the file. */
export function systemCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}
