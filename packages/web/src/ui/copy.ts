/** Puts a text on the clipboard. False where the browser refuses, or has none: a page on plain http, say. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
