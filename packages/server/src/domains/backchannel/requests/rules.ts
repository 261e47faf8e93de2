import { domainToASCII } from 'node:url';
import { findLinks } from '@sotto/protocol/links';
import { refuse } from '../../../platform/refusal.ts';

/** Words of a text, folded: `People.searchWords`. */
type Fold = (text: string) => string[];

/** Scripts that write no spaces between words: there a rule is looked for anywhere. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/**
 * Whether a text has one of the words, or links to one of the hosts or below it (BC-17). Words are compared whole, without
 * case and accents; a rule of several words as they follow each other; one without letters (an emoji) as it stands.
 */
export function isHeldBack(
  text: string,
  rules: { words: readonly string[]; hosts: readonly string[] },
  fold: Fold,
): boolean {
  const folded = foldedOf(text, fold);
  const plain = text.normalize('NFKC').toLowerCase();
  const hasWord = rules.words.some(word => {
    const wanted = foldedOf(word, fold);
    if (wanted.trim() === '') return plain.includes(word.normalize('NFKC').toLowerCase());
    return folded.includes(unspaced.test(word) ? wanted.trim() : wanted);
  });
  if (hasWord) return true;
  const hosts = hostsIn(text);
  return hosts.some(host => rules.hosts.some(rule => host === rule || host.endsWith(`.${rule}`)));
}

/** Of links, and whatever else looks like a host: a rule is not evaded by an ending that no link is made of. */
function hostsIn(text: string): string[] {
  const linked = findLinks(text).map(link => URL.parse(link.href)?.hostname ?? '');
  const written = text.match(/[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)+/gu) ?? [];
  return [...linked, ...written.map(host => domainToASCII(host))].map(host => host.replace(/\.$/, ''));
}

/** Signs that nobody sees: they would cut a word in two. */
const unseen = /[\u00ad\u200b-\u200d\u2060\ufeff]/gu;

/** In order, each between two spaces. */
const foldedOf = (text: string, fold: Fold): string =>
  ` ${(text.replace(unseen, '').match(/[\p{L}\p{N}\p{M}]+/gu) ?? []).map(word => fold(word).join('')).join(' ')} `;

/** Words as they are kept: lower case, one space, each once. */
export const wordsOf = (words: readonly string[]): string[] => [
  ...new Set(
    words.map(word => word.normalize('NFC').toLowerCase().replace(/\s+/g, ' ').trim()).filter(Boolean),
  ),
];

/**
 * Hosts as they are kept: without scheme, path, `*.` or port, in ASCII (RFC 5891), each once.
 * @param path of the field, for the refusal
 * @throws Refusal `invalid_input` for what is none
 */
export const hostsOf = (hosts: readonly string[], path: string): string[] => [
  ...new Set(
    hosts.map((typed, index) => {
      const bare = typed
        .trim()
        .replace(/^[a-z][a-z0-9+.-]*:\/\//i, '')
        .replace(/[/?#].*$/, '')
        .replace(/:\d*$/, '')
        .replace(/^(\*?\.)+|\.+$/g, '');
      const host = domainToASCII(bare);
      if (/^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/.test(host)) return host;
      throw refuse('invalid_input', {
        issues: [{ path: `${path}.${index}`, problem: 'format', expected: 'a host, like example.org' }],
      });
    }),
  ),
];
