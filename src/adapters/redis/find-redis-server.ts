import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

/** The first `redis-server`, else the first `valkey-server`, in the folders of `path` (the variable PATH); else null. */
export function findRedisServer(path: string | undefined): string | null {
  // A relative folder in PATH would mean another program in every working directory.
  const folders = (path ?? '').split(delimiter).filter((folder) => isAbsolute(folder));
  const programs = ['redis-server', 'valkey-server'];
  const candidates = programs.flatMap((program) => folders.map((folder) => join(folder, program)));
  return candidates.find(isProgram) ?? null;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
