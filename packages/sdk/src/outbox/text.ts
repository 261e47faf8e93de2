/** A message's text as the server will store it: `MessageText` of the contract. Empty: nothing to send. */
export const normaliseText = (text: string): string =>
  text
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\n\t]/gu, '')
    .trim();
