/** A library's code for an error. Its message may hold anything, so it is only recognised, never passed on. */
export function codeOfError(error: Error): string {
  if (/lock for job/.test(error.message)) return 'LOCK_LOST';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
