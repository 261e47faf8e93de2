/** A file of a message could not be uploaded; `cause` says why. */
export class FileRefused extends Error {
  /** Its index. */
  readonly file: number;
  constructor(file: number, cause: unknown) {
    super('a file could not be uploaded', { cause });
    this.name = 'FileRefused';
    this.file = file;
  }
}
