import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { StartError, systemCode } from '../start-error.ts';
import { type Lock, takeLock } from './lock.ts';

export { type Lock, takeLock } from './lock.ts';

/**
 * Makes the data folder if need be and takes it for this process alone.
 * @throws StartError if it cannot be made or written, or another Sotto has it.
 */
export async function takeDataFolder(path: string): Promise<Lock> {
  makeFolder(path);
  const lock = await takeLockFile(join(path, 'lock'));
  const owner = join(path, 'sotto.pid');
  if (lock === undefined) {
    throw new StartError(
      `The data folder ${path} is in use by another Sotto${processName(owner)}: stop that one, or set SOTTO_DATA to another folder.`,
    );
  }
  writeFileSync(owner, `${process.pid}\n`);
  return lock;
}

/** Makes a folder with its parents, and sees that this process can write in it. */
function makeFolder(path: string): void {
  try {
    const isNew = !existsSync(path);
    mkdirSync(path, { recursive: true });
    // Others may pass through to what is theirs (PostgreSQL runs as another user when we are root), but see nothing.
    if (isNew) chmodSync(path, 0o711);
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
    if (!statSync(path).isDirectory()) throw Object.assign(new Error('not a folder'), { code: 'ENOTDIR' });
  } catch (error) {
    throw new StartError(
      `The data folder ${path} cannot be written (${reason(error)}): set SOTTO_DATA to a folder that can.`,
      {
        cause: error,
      },
    );
  }
}

async function takeLockFile(file: string): Promise<Lock | undefined> {
  try {
    return await takeLock(file);
  } catch (error) {
    throw new StartError(
      `The data folder's lock ${file} cannot be opened (${reason(error)}): is it another user's?`,
      { cause: error },
    );
  }
}

function processName(file: string): string {
  try {
    return ` (process ${readFileSync(file, 'utf8').trim()})`;
  } catch {
    return '';
  }
}

function reason(error: unknown): string {
  const words: Record<string, string> = {
    EACCES: 'permission denied',
    EPERM: 'permission denied',
    EROFS: 'the file system is read-only',
    ENOTDIR: 'part of its path is a file',
    EEXIST: 'it is a file',
    ENOSPC: 'the disk is full',
  };
  const code = systemCode(error);
  return words[code ?? ''] ?? code ?? String(error);
}
