/**
 * Is this the database being away (restart, kill, network), rather than a statement being wrong? Such a statement may or
 * may not have committed. SQLSTATE classes 08 and 57P, and the codes Node gives to sockets.
 */
export function isBrokenConnection(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return (
    /^(08|57P)/.test(code) ||
    ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN'].includes(code) ||
    /connection terminated|timeout exceeded when trying to connect|connection ended|not queryable/i.test(error.message)
  );
}

/** A statement that PostgreSQL refused for its data: repeating it can't help. SQLSTATE classes 22 and 23. */
export function isRefusedData(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && /^2[23]/.test(error.code);
}

/** Rolled back for the sake of another transaction: SQLSTATE 40001, 40P01, 55P03. */
export function isLockConflict(error: unknown): boolean {
  return error instanceof Error && 'code' in error && ['40001', '40P01', '55P03'].includes(String(error.code));
}
