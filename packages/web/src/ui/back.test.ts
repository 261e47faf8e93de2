import { expect, it, vi } from 'vitest';
import { onceBack, tellBack } from './back.ts';

it('does what waits once, and not what waits no more', () => {
  const [first, second, gone] = [vi.fn(), vi.fn(() => void onceBack(first)), vi.fn()];
  onceBack(second);
  onceBack(gone)();
  tellBack();
  expect([first, second, gone].map(each => each.mock.calls.length)).toEqual([0, 1, 0]);
  tellBack();
  expect([first, second, gone].map(each => each.mock.calls.length)).toEqual([1, 1, 0]);
});
