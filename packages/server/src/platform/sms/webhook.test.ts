import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, test } from 'vitest';
import { DeliveryError } from '../delivery-error.ts';
import { createSmsSender, terminalSmsSender } from './index.ts';
import { smsWebhook } from './webhook.ts';

const secret = 'a secret of some length';
const sms = { to: '+4915123456789', text: '123 456 is your Sotto code.', line: 'a line' };

interface Received {
  headers: IncomingHttpHeaders;
  body: string;
}

let closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing) close();
  closing = [];
});

/** A real receiver: answers each request with the next status, the last one for all further. `hang`: no answer at all. */
async function receiver(...statuses: (number | 'hang')[]): Promise<{ url: string; received: Received[] }> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    void text(request).then(body => {
      received.push({ headers: request.headers, body });
      const status = statuses[Math.min(received.length, statuses.length) - 1] ?? 204;
      if (status === 'hang') return;
      response.writeHead(status, status >= 300 && status < 400 ? { location: '/elsewhere' } : {});
      response.end();
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/sms`, received };
}

const sender = (webhookUrl: string) => smsWebhook({ webhookUrl, secret, timeout: 500, retryAfter: [5, 10] });

const failure = async (sending: Promise<void>): Promise<DeliveryError> => {
  const error: unknown = await sending.then(
    () => undefined,
    caught => caught,
  );
  if (!(error instanceof DeliveryError)) throw new Error(`not a DeliveryError: ${String(error)}`);
  return error;
};

describe('PE-1: codes by SMS', () => {
  test('PE-1 the webhook gets number and text, signed over time and body', async () => {
    const { url, received } = await receiver(204);
    await sender(url).send(sms);
    expect(received).toHaveLength(1);
    const { headers, body } = received[0] ?? { headers: {}, body: '' };
    expect(JSON.parse(body)).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      to: sms.to,
      text: sms.text,
    });
    expect(headers['content-type']).toBe('application/json');
    const timestamp = Number(headers['sotto-timestamp']);
    expect(Math.abs(Date.now() / 1000 - timestamp)).toBeLessThan(60);
    const sign = (key: string) => createHmac('sha256', key).update(`${timestamp}.${body}`).digest('hex');
    expect(headers['sotto-signature']).toBe(`v1=${sign(secret)}`);
    expect(headers['sotto-signature']).not.toBe(`v1=${sign('another secret of length')}`);
  });

  test.each([500, 503, 429])('PE-1 after %d it is tried again, as the same message', async status => {
    const { url, received } = await receiver(status, status, 200);
    await sender(url).send(sms);
    expect(received).toHaveLength(3);
    expect(new Set(received.map(each => each.body)).size).toBe(1);
  });

  test('PE-1 after three failures it is given up, and the number is not in the error', async () => {
    const { url, received } = await receiver(500);
    const error = await failure(sender(url).send(sms));
    expect(received).toHaveLength(3);
    expect(error.message).toBe('SMS webhook: HTTP 500');
  });

  test.each([400, 401, 404, 301, 307])(
    'PE-1 %d is final: tried once, redirects not followed',
    async status => {
      const { url, received } = await receiver(status);
      expect((await failure(sender(url).send(sms))).message).toBe(`SMS webhook: HTTP ${status}`);
      expect(received).toHaveLength(1);
    },
  );

  test('PE-1 a webhook that does not answer is given up and tried again', async () => {
    const { url, received } = await receiver('hang', 'hang', 200);
    await smsWebhook({ webhookUrl: url, secret, timeout: 100, retryAfter: [5, 10] }).send(sms);
    expect(received).toHaveLength(3);
    const never = await receiver('hang');
    const error = await failure(
      smsWebhook({ webhookUrl: never.url, secret, timeout: 50, retryAfter: [] }).send(sms),
    );
    expect(error.message).toBe('SMS webhook: TimeoutError');
  });

  test('PE-1 nobody there', async () => {
    const { url } = await receiver(200);
    for (const close of closing.splice(0)) close();
    expect((await failure(sender(url).send(sms))).message).toBe('SMS webhook: ECONNREFUSED');
  });

  test('PE-1 user and password of the URL become Basic authentication', async () => {
    const { url, received } = await receiver(200);
    await sender(url.replace('http://', 'http://us%20er:p%40ss@')).send(sms);
    const expected = Buffer.from('us er:p@ss').toString('base64');
    expect(received[0]?.headers.authorization).toBe(`Basic ${expected}`);
  });

  test('PE-1 without a webhook, the operator reads the line in the terminal', async () => {
    const lines: string[] = [];
    await terminalSmsSender(line => lines.push(line)).send(sms);
    expect(lines).toEqual(['a line\n']);
    expect(createSmsSender(undefined).printed).toBe(true);
    expect(createSmsSender({ webhookUrl: 'http://127.0.0.1:9/', secret }).printed).toBe(false);
  });
});
