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
    ['ROLE', 'media'],
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

  test.each(['NATS_URL', 'S3_URL', 'DATABASE_URL', 'SMTP_URL', 'SMS_WEBHOOK_URL', 'SMS_WEBHOOK_SECRET'])(
    'a wrong %s is not repeated, for it holds a secret',
    name => {
      const [sentence = ''] = problemsOf({ [name]: 'hunter2:pw' });
      expect(sentence).toContain(name);
      expect(sentence).not.toContain('hunter2');
    },
  );

  test('the bucket of an S3-compatible store', () => {
    const of = (text: string) => loadConfig({ S3_URL: text }).s3;
    expect(of('https://AK:a%2Fb%2Bc@s3.example.org/my-bucket?region=eu-central-1')).toEqual({
      endpoint: 'https://s3.example.org',
      bucket: 'my-bucket',
      region: 'eu-central-1',
      accessKeyId: 'AK',
      secretAccessKey: 'a/b+c',
    });
    expect(of('http://k:s@127.0.0.1:9000/sotto/')).toMatchObject({
      endpoint: 'http://127.0.0.1:9000',
      bucket: 'sotto',
      region: 'us-east-1',
    });
  });

  test('the NATS of several nodes', () => {
    const of = (text: string) => loadConfig({ NATS_URL: text, DATABASE_URL: 'postgres://db/sotto' }).nats;
    expect(of('nats://10.0.0.5')).toEqual({
      servers: ['10.0.0.5:4222'],
      login: undefined,
      tls: false,
      name: 'main',
    });
    expect(of('tls://u:p%40@a.example:4333/town, tls://b.example')).toEqual({
      servers: ['a.example:4333', 'b.example:4222'],
      login: { user: 'u', pass: 'p@' },
      tls: true,
      name: 'town',
    });
    expect(of('nats://s3cr3t@host')?.login).toEqual({ token: 's3cr3t' });
  });

  test.each([
    ['S3_URL', 'https://s3.example.org/bucket'],
    ['S3_URL', 'https://k:s@s3.example.org/'],
    ['S3_URL', 'https://k:s@s3.example.org/a/b'],
    ['S3_URL', 'https://k:s@s3.example.org/bucket?zone=x'],
    ['S3_URL', 'https://k:%@s3.example.org/bucket'],
    ['S3_URL', 's3://k:s@host/bucket'],
    ['NATS_URL', 'http://host'],
    ['NATS_URL', 'nats://'],
    ['NATS_URL', 'nats://host/a/b'],
    ['NATS_URL', 'nats://a,tls://b'],
    ['NATS_URL', 'nats://:p@a'],
  ])('a wrong %s (%j) is told in one sentence, without what it was', (name, text) => {
    expect(problemsOf({ [name]: text, DATABASE_URL: 'postgres://db/sotto' })).toEqual([
      expect.stringMatching(new RegExp(`^${name} is not usable .*: it must be .*\\.$`)),
    ]);
  });

  test('what belongs together is asked for together', () => {
    expect(problemsOf({ SMTP_URL: 'smtp://localhost' })).toEqual([
      expect.stringContaining('MAIL_FROM is missing'),
    ]);
    expect(problemsOf({ SMS_WEBHOOK_URL: 'https://x.example' })).toEqual([
      expect.stringContaining('SMS_WEBHOOK_SECRET is missing'),
    ]);
    expect(problemsOf({ NATS_URL: 'nats://localhost' })).toEqual([
      expect.stringContaining('DATABASE_URL is missing'),
    ]);
    expect(problemsOf({ SMTP_URL: 'smtp://localhost', MAIL_FROM: 'wrong' })).toEqual([
      expect.stringContaining('MAIL_FROM is "wrong"'),
    ]);
  });

  test('no text of any kind makes it throw anything but sentences', () => {
    const names = Object.keys(settings);
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.string(), (name, text) => {
        for (const line of problemsOf({ [name]: text })) expect(line).toMatch(/^[A-Z0-9_]+ is .+\.$/s);
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
