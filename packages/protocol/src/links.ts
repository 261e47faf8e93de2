import { LinkifyIt } from 'linkify-it';

/** A stretch of a message's text that is a link. Offsets count UTF-16 units. */
export interface Link {
  start: number;
  end: number;
  /** Absolute, `http:` or `https:` only. */
  href: string;
}

const finder = new LinkifyIt({ fuzzyLink: true, fuzzyEmail: false, fuzzyIP: false });
for (const schema of ['ftp:', 'mailto:', '//']) finder.add(schema, null);

/** The links in a text as people write them: bare hosts, IDN, no trailing punctuation, balanced brackets (BC-23). */
export function findLinks(text: string): Link[] {
  const links: Link[] = [];
  for (const match of finder.match(text) ?? []) {
    const tail = /[:;]+$/.exec(match.raw)?.[0].length ?? 0;
    const url = match.url.slice(0, match.url.length - tail);
    const href = match.schema === '' ? url.replace(/^http:/, 'https:') : url;
    links.push({ start: match.index, end: match.lastIndex - tail, href });
  }
  return links;
}
