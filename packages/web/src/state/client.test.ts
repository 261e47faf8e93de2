import { expect, test } from 'vitest';
import { clientName, isPhone } from './client.ts';

test.each([
  ['Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0', 'Firefox, Linux', false],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Version/17.0 Mobile/15E148 Safari/604.1',
    'Safari, iPhone',
    true,
  ],
  [
    'Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/156.0 Safari/537.36 Edg/156.0',
    'Edge, Windows',
    false,
  ],
  ['sotto-bot/1.0', 'sotto-bot/1.0', false],
  ['', '', false],
])('%s', (agent, name, phone) => {
  expect(clientName(agent)).toBe(name);
  expect(isPhone(agent)).toBe(phone);
});
