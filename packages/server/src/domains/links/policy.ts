/** What a card has room for. */
export const TITLE_MAX = 200;
export const DESCRIPTION_MAX = 400;
export const SITE_MAX = 80;
/** How long what was found is good for, and how long a failure keeps us from asking again. In ms. */
export const GOOD_FOR = 24 * 60 * 60_000;
export const FAILED_FOR = 60 * 60_000;

/** One line: no control characters, and none that turn the direction of what stands around it. */
export function oneLine(text: string, max: number): string {
  const line = text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, '')
    .replace(/\s+/g, ' ')
    .trim()
    .toWellFormed();
  if (line.length <= max) return line;
  let cut = '';
  for (const { segment } of new Intl.Segmenter().segment(line.slice(0, max * 2))) {
    if (cut.length + segment.length >= max) break;
    cut += segment;
  }
  return `${cut.trimEnd()}…`;
}

/** The host as people say it. */
export const siteOf = (url: string): string => new URL(url).hostname.replace(/^www\./, '');

/** Whether a host, or one it stands below, is in a list. */
export function isHeldBy(list: readonly string[]): (host: string) => boolean {
  const held = new Set(list.map(host => host.toLowerCase().replace(/^\*?\.|\.$/g, '')));
  return host => {
    const labels = host.toLowerCase().replace(/\.$/, '').split('.');
    return labels.some((_label, from) => held.has(labels.slice(from).join('.')));
  };
}
