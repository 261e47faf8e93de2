const KEY = /^[a-z0-9_-][a-z0-9._-]*(\/[a-z0-9_-][a-z0-9._-]*)*$/;

const longest = 200;

/** @throws Error for what is not a key: our own mistake, never a person's. Keys are made by us, not typed. */
export function checkKey(key: string): string {
  if (key.length > longest || !KEY.test(key)) throw new Error(`not a blob key: ${JSON.stringify(key)}`);
  return key;
}

/** @returns the folder without its slash */
export function checkFolder(folder: string): string {
  if (!folder.endsWith('/')) throw new Error(`not a blob folder: ${JSON.stringify(folder)}`);
  return checkKey(folder.slice(0, -1));
}
