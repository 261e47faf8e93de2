import { refuse } from '../../platform/refusal.ts';
import type { PageEnd } from './store.ts';

const form = /^(\d{1,16})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** Where the next page begins, as clients carry it. */
export const writeCursor = ({ at, id }: PageEnd): string => Buffer.from(`${at}.${id}`).toString('base64url');

/** @throws Refusal `invalid_input` for anything that no page ended with */
export function readCursor(after: string | undefined): PageEnd | null {
  if (after === undefined) return null;
  const [, at, id] = form.exec(Buffer.from(after, 'base64url').toString('latin1')) ?? [];
  if (at !== undefined && id !== undefined) return { at: Number(at), id };
  const expected = '`next` of the page before';
  throw refuse('invalid_input', { issues: [{ path: 'query.after', problem: 'format', expected }] });
}
