import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { StartError } from '../platform/start-error.ts';
import { loadConfig } from './config.ts';
import type { Env } from './env.ts';
import { configPage, helpText } from './help.ts';
import { settings } from './settings.ts';

function problemsOf(env: Env): string[] {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof StartError) return error.message.split('\n');
    throw error;
  }
  return [];
}

describe('settings', () => {
  test('nothing set gives a whole configuration', () => {
    const config = loadConfig({}, true);
    expect(config.http).toMatchObject({ port: 7440, publicUrl: undefined, trustProxy: false });
    expect(config.audio.port).toBe(7441);
    expect(config.audio.addresses[0]).toBe('127.0.0.1');
    expect(config.dataDir).toMatch(/^\/.*\/data$/);
    expect(config.log).toEqual({ level: 'info', format: 'pretty' });
    expect(loadConfig({}, false).log.format).toBe('json');
  });

  test('an empty or blank variable counts as missing', () => {
    expect(loadConfig({ PORT: '', HOST: '  ', SMTP_URL: ' ' })).toEqual(loadConfig({}));
  });

  test('every right value arrives', () => {
    const config = loadConfig({
      PORT: '0',
      HOST: '127.0.0.1',
      PUBLIC_URL: 'https://Sotto.example.org/',
      SOTTO_DATA: '/srv/with spaces',
      AUDIO_HOST: '203.0.113.7, 2001:db8::1',
      DATABASE_URL: 'postgres:///sotto?host=/run/postgresql',
      SMTP_URL: 'smtps://u:p@mail.example.org',
      MAIL_FROM: 'Sotto <sotto@example.org>',
      SMS_WEBHOOK_URL: 'https://sms.example.org/in',
      SMS_WEBHOOK_SECRET: '0123456789abcdef',
      TRUST_PROXY: '10.0.0.0/8,::1',
      LOG_LEVEL: 'debug',
      LOG_FORMAT: 'json',
    });
    expect(config).toMatchObject({
      http: {
        port: 0,
        host: '127.0.0.1',
        publicUrl: 'https://sotto.example.org',
        trustProxy: ['10.0.0.0/8', '::1'],
      },
      audio: { addresses: ['203.0.113.7', '2001:db8::1'] },
      dataDir: '/srv/with spaces',
      mail: { smtpUrl: 'smtps://u:p@mail.example.org', from: 'Sotto <sotto@example.org>' },
      sms: { webhookUrl: 'https://sms.example.org/in', secret: '0123456789abcdef' },
    });
    expect(loadConfig({ TRUST_PROXY: '2' }).http.trustProxy).toBe(2);
  });

  test.each([
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '80a'],
    ['PORT', '1e3'],
    ['AUDIO_PORT', 'udp'],
    ['HOST', 'http://x'],
    ['PUBLIC_URL', 'sotto.example.org'],
    ['PUBLIC_URL', 'https://example.org/sotto'],
    ['PUBLIC_URL', 'ftp://example.org'],
    ['AUDIO_HOST', 'audio.example.org'],
    ['AUDIO_HOST', ','],
    ['TRUST_PROXY', 'yes'],
    ['TRUST_PROXY', '10.0.0.0/33'],
    ['MAIL_FROM', 'nobody'],
    ['MAIL_FROM', 'a@b\r\nBcc: c@d'],
    ['LOG_LEVEL', 'loud'],
    ['LOG_FORMAT', 'xml'],
  ])('a wrong %s (%j) is named in one sentence with what it was and what would be right', (name, text) => {
    const [sentence = '', ...more] = problemsOf({ [name]: text });
    expect(more).toEqual([]);
    expect(sentence.startsWith(`${name} is ${JSON.stringify(text)}: it must be `)).toBe(true);
    expect(sentence.endsWith('.')).toBe(true);
  });

  test('all wrong ones are told at once, in the order of the table', () => {
    expect(
      problemsOf({ LOG_LEVEL: 'x', PORT: 'x', AUDIO_PORT: 'x' }).map(line => line.split(' ')[0]),
    ).toEqual(['PORT', 'AUDIO_PORT', 'LOG_LEVEL']);
  });

  test.each(['DATABASE_URL', 'SMTP_URL', 'SMS_WEBHOOK_URL', 'SMS_WEBHOOK_SECRET'])(
    'a wrong %s is not repeated, for it holds a secret',
    name => {
      const [sentence = ''] = problemsOf({ [name]: 'hunter2:pw' });
      expect(sentence).toContain(name);
      expect(sentence).not.toContain('hunter2');
    },
  );

  test('what belongs together is asked for together', () => {
    expect(problemsOf({ SMTP_URL: 'smtp://localhost' })).toEqual([
      expect.stringContaining('MAIL_FROM is missing'),
    ]);
    expect(problemsOf({ SMS_WEBHOOK_URL: 'https://x.example' })).toEqual([
      expect.stringContaining('SMS_WEBHOOK_SECRET is missing'),
    ]);
    expect(problemsOf({ SMTP_URL: 'smtp://localhost', MAIL_FROM: 'wrong' })).toEqual([
      expect.stringContaining('MAIL_FROM is "wrong"'),
    ]);
  });

  test('no text of any kind makes it throw anything but sentences', () => {
    const names = Object.keys(settings);
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.string(), (name, text) => {
        for (const line of problemsOf({ [name]: text })) expect(line).toMatch(/^[A-Z_]+ is .+\.$/s);
      }),
    );
  });

  test('docs/CONFIG.md is what the table says', () => {
    const page = readFileSync(new URL('../../../../docs/CONFIG.md', import.meta.url), 'utf8');
    expect(page, 'run `npm run docs`').toBe(configPage());
  });

  test('--help names every setting', () => {
    for (const name of Object.keys(settings)) expect(helpText()).toContain(`  ${name} `);
  });
});
