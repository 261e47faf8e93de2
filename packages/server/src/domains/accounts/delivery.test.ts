import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createMailer, type Mailer, terminalMailer } from '../../platform/mail/index.ts';
import { createSmsSender, type SmsSender, smsWebhook, terminalSmsSender } from '../../platform/sms/index.ts';
import { type TestPlatform, testPlatform } from '../../platform/testing.ts';
import { createAccounts } from './index.ts';
import { testApi } from './test/bench.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await testPlatform();
});
afterAll(() => platform.close());

/** A port of loopback where nobody listens. */
async function deafPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise(resolve => server.close(resolve));
  return port;
}

async function api(mailer: Mailer, smsSender: SmsSender) {
  const accounts = createAccounts(platform, { mailer, smsSender });
  const { call, close } = await testApi(platform, accounts, accounts.routes);
  return { call, close, request: (address: string) => call('POST /v1/sign-in/codes', { body: { address } }) };
}

const secret = 'a secret of some length';

describe('PE-1: delivery of codes', () => {
  test('PE-1 a code that cannot be sent is told as such; the log has the reason and not the address', async () => {
    const port = await deafPort();
    const { request, close } = await api(
      createMailer({ smtpUrl: `smtp://127.0.0.1:${port}`, from: 'Sotto <sotto@example.org>' }),
      smsWebhook({ webhookUrl: `http://127.0.0.1:${port}/`, secret, retryAfter: [1] }),
    );
    platform.logged.length = 0;
    const answers = [await request('ada@example.org'), await request('+4915123456789')];
    for (const { status, error } of answers) expect([status, error.code]).toEqual([502, 'delivery_failed']);
    const log = platform.logged.join('');
    expect(log).toContain('mail server: E');
    expect(log).toContain('SMS webhook: ECONNREFUSED');
    expect(log).not.toMatch(/ada|4915123456789/);
    await close();
  });

  test('PE-1 a code by SMS opens a session', async () => {
    const messages: { to: string; text: string }[] = [];
    const server = createServer((request, response) => {
      void json(request).then(body => {
        messages.push(body as { to: string; text: string });
        response.writeHead(204).end();
      });
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const { call, request, close } = await api(
      terminalMailer(() => undefined),
      createSmsSender({ webhookUrl: `http://127.0.0.1:${port}/`, secret }),
    );
    expect((await request('+49 151 98765432')).status).toBe(200);
    expect(messages).toMatchObject([{ to: '+4915198765432' }]);
    const [, a = '', b = ''] =
      /^(\d{3}) (\d{3}) is your Sotto code\. It works for 10 minutes\.$/.exec(messages[0]?.text ?? '') ?? [];
    const body = { address: '+4915198765432', code: a + b, transport: 'token' };
    expect((await call('POST /v1/sign-in', { body })).status).toBe(200);
    await close();
    await new Promise(resolve => server.close(resolve));
  });

  test('PE-1 the server says which ways there are to sign in', async () => {
    const mailer = createMailer({ smtpUrl: 'smtp://127.0.0.1:9', from: 'sotto@example.org' });
    const smsSender = smsWebhook({ webhookUrl: 'http://127.0.0.1:9/', secret });
    const ways = async (mail: Mailer, sms: SmsSender) => {
      const { call, close } = await api(mail, sms);
      const { body } = await call('GET /v1/server');
      await close();
      return body.signIn;
    };
    const [noMail, noSms] = [terminalMailer(() => undefined), terminalSmsSender(() => undefined)];
    expect(await ways(noMail, noSms)).toEqual({ email: true, phone: true, printed: true });
    expect(await ways(mailer, noSms)).toEqual({ email: true, phone: false, printed: false });
    expect(await ways(noMail, smsSender)).toEqual({ email: false, phone: true, printed: false });
    expect(await ways(mailer, smsSender)).toEqual({ email: true, phone: true, printed: false });
  });
});
