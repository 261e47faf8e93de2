import { describe, expect, it } from 'vitest';
import { searchWords } from '../../accounts/policy.ts';
import { hostsOf, isHeldBack, wordsOf } from './rules.ts';

const held = (text: string, words: string[], hosts: string[] = []) =>
  isHeldBack(text, { words: wordsOf(words), hosts: hostsOf(hosts, 'hosts') }, text => searchWords(text));

describe('what holds a request back', () => {
  it.each([
    ['FREE crypto today', 'crypto', true],
    ['cr\u200bypto and so\u00adlar', 'crypto', true],
    ['cryptography is a science', 'crypto', false],
    ['Żółć i miód', 'zolc', true],
    ['zolc', 'ŻÓŁĆ', true],
    ['make free, money', 'free money', true],
    ['money is free', 'free money', false],
    ['快来免费赚钱', '免费', true],
    ['buy 💊 now', '💊', true],
    ['nothing here', '💊', false],
    ['İstanbul', 'istanbul', true],
  ])('BC-17 %j with the word %j: %s', (text, word, is) => {
    expect(held(text, [word])).toBe(is);
  });

  it.each([
    ['see http://spam.example/x', 'spam.example', true],
    ['see www.SPAM.example.', 'spam.example', true],
    ['see notspam.example', 'spam.example', false],
    ['see https://a.b.spam.example:8443/?q', 'spam.example', true],
    ['see https://bücher.example', 'bücher.example', true],
    ['see https://xn--bcher-kva.example', 'bücher.example', true],
    ['spam.example.org', 'spam.example', false],
  ])('BC-17 %j with the host %j: %s', (text, host, is) => {
    expect(held(text, [], [host])).toBe(is);
  });
});
