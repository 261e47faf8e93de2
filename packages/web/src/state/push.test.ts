import { describe, expect, test, vi } from 'vitest';

vi.stubGlobal('location', { origin: 'http://localhost' });
const { stateOf } = await import('./push.ts');

const fine = {
  secure: true,
  able: true,
  apple: false,
  installed: false,
  permission: 'default' as const,
  subscribed: false,
};

describe('BC-31: notifications on a device', () => {
  test.each([
    [{}, 'off'],
    [{ permission: 'granted' }, 'off'],
    [{ permission: 'granted', subscribed: true }, 'on'],
    // Taken back in the browser's settings.
    [{ permission: 'denied', subscribed: true }, 'denied'],
    [{ permission: 'default', subscribed: true }, 'off'],
    [{ secure: false, able: false }, 'insecure'],
    [{ able: false }, 'unsupported'],
    [{ apple: true, able: false }, 'install'],
    [{ apple: true, installed: true, permission: 'granted', subscribed: true }, 'on'],
    [{ apple: true, installed: true, able: false }, 'unsupported'],
  ] as const)('BC-31 %j: %s', (facts, state) => {
    expect(stateOf({ ...fine, ...facts })).toBe(state);
  });
});
