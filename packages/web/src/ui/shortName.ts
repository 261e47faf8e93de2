/** The first word is enough under a face, unless it is only a letter, a title or a picture. */
export function shortName(name: string): string {
  const [first = '', second] = name.trim().split(/\s+/u);
  const letters = first.match(/\p{L}/gu)?.length ?? 0;
  const enough = letters > 1 || (letters === 1 && /\p{Lo}/u.test(first));
  return second && !enough ? `${first} ${second}` : first;
}
