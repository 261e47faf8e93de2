import { describe, expect, test } from 'vitest';
import { phoneDigits, readAddress } from './signIn.ts';

const both = { email: true, phone: true };

describe('PE-1: an address to sign in with', () => {
  test.each([
    [' noor@example.org ', 'noor@example.org'],
    ['+44 20 7946 0018', '+442079460018'],
    ['0044 (20) 7946-0018', '+442079460018'],
  ])('%s is read as %s', (typed, address) => {
    expect(readAddress(typed, both)).toEqual({ address });
  });

  test.each(['', 'noor', 'noor@', '@example.org', 'a b@c.d', '020 7946 0018'])('%j is asked about', typed => {
    expect(readAddress(typed, both)).toHaveProperty('problem');
  });

  test('a phone number is not taken where the server sends no messages', () => {
    expect(readAddress('+442079460018', { email: true, phone: false })).toHaveProperty('problem');
  });

  test('letters are no phone number', () => {
    expect(phoneDigits('+44abc')).toBeNull();
  });
});
