import { type Piece, piecesOf } from '../../state/search.ts';

/** As the style sheet calls what is marked (CSS Custom Highlight API); where the browser has none, nothing is. */
const NAME = 'found';

/** Marks in a message what a search found there, and nothing else any more. @returns the first of it, where there is any */
export function markFound(message: Element, query: string): Range | null {
  const ranges = [...message.querySelectorAll('[data-text]')].flatMap(each => rangesIn(each, query));
  if ('highlights' in CSS) CSS.highlights.set(NAME, new Highlight(...ranges));
  return ranges[0] ?? null;
}

export function unmarkFound(): void {
  if ('highlights' in CSS) CSS.highlights.delete(NAME);
}

function rangesIn(element: Element, query: string): Range[] {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const nodes: Text[] = [];
  while (walker.nextNode()) nodes.push(walker.currentNode as Text);
  // A word may be in several of them: links and mentions have their own.
  const place = (at: number, isEnd: boolean): [Text, number] | null => {
    let before = 0;
    for (const node of nodes) {
      if (at < before + node.length || (isEnd && at === before + node.length)) return [node, at - before];
      before += node.length;
    }
    return null;
  };
  return hitsOf(piecesOf(nodes.map(({ data }) => data).join(''), query)).flatMap(([from, to]) => {
    const [start, end] = [place(from, false), place(to, true)];
    if (!start || !end) return [];
    const range = document.createRange();
    range.setStart(...start);
    range.setEnd(...end);
    return [range];
  });
}

/** Where the hits begin and end, in UTF-16 units. */
function hitsOf(pieces: readonly Piece[]): [from: number, to: number][] {
  let at = 0;
  return pieces.flatMap(({ text, hit }): [number, number][] => {
    const from = at;
    at += text.length;
    return hit ? [[from, at]] : [];
  });
}
