import { Parser } from 'htmlparser2';

/** What a page says of itself; empty where it says nothing. */
export interface PageFacts {
  title: string;
  description: string;
  site: string;
  /** Absolute, of the page's own words: not checked yet. Best first. */
  images: string[];
}

/** A head has some dozens of tags. What has thousands is no head, and open tags cost the parser more and more. */
const TAGS_MAX = 5000;
const CHUNK = 16 * 1024;
/** Of any one text; what is shown is cut much shorter. */
const TEXT_MAX = 4000;

/** Where each fact is looked for, best first: Open Graph, Twitter's cards, plain HTML. */
const sources = {
  title: ['og:title', 'twitter:title', 'title'],
  description: ['og:description', 'twitter:description', 'description'],
  site: ['og:site_name', 'application-name'],
  images: ['og:image:secure_url', 'og:image', 'og:image:url', 'twitter:image', 'twitter:image:src'],
} as const;

/**
 * Reads the head of a page in one pass, and stops where the body begins: whatever a page is made of, it costs tens of
 * milliseconds a megabyte at most. Without a tree there is nothing that nesting could slow down.
 * @param url where the page came from: what it names is relative to that
 */
export function readPage(html: string, url: string): PageFacts {
  const found = new Map<string, string>();
  const note = (name: string, text: string | undefined): void => {
    if (text !== undefined && text.trim() !== '' && !found.has(name))
      found.set(name, text.slice(0, TEXT_MAX));
  };
  let tags = 0;
  let isOver = false;
  let base = url;
  let title: string | undefined;
  const parser = new Parser(
    {
      onopentag(name, { property, name: called, content, href }) {
        tags += 1;
        if (isOver) return;
        if (name === 'body' || tags > TAGS_MAX) isOver = true;
        else if (name === 'meta') note((property ?? called ?? '').trim().toLowerCase(), content);
        else if (name === 'base' && href !== undefined) base = URL.parse(href, url)?.href ?? url;
        else if (name === 'title') title ??= '';
      },
      ontext(text) {
        if (title !== undefined && title.length < TEXT_MAX) title += text;
      },
      onclosetag(name) {
        if (name === 'title' && title !== undefined) {
          note('title', title);
          title = undefined;
        } else if (name === 'head') isOver = true;
      },
    },
    { decodeEntities: true },
  );
  for (let at = 0; at < html.length && !isOver; at += CHUNK) parser.write(html.slice(at, at + CHUNK));

  const first = (names: readonly string[]): string =>
    names.map(name => found.get(name)).find(text => text !== undefined) ?? '';
  const images = sources.images.flatMap(name => {
    const address = found.get(name);
    const absolute = address === undefined ? null : URL.parse(address.trim(), base);
    return absolute ? [absolute.href] : [];
  });
  return {
    title: first(sources.title),
    description: first(sources.description),
    site: first(sources.site),
    images: [...new Set(images)],
  };
}
