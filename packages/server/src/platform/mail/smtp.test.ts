import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterEach, describe, expect, test } from 'vitest';
import { DeliveryError } from '../delivery-error.ts';
import { createMailer, smtpMailer, terminalMailer } from './index.ts';

const mail = {
  to: 'ada@example.org',
  subject: '123 456 is your Sotto code',
  text: 'Hello,\n\nyour code for Sotto is 123 456',
  html: '<p>your code is <b>123 456</b></p>',
  line: 'Sign-in code for ada@example.org: 123 456',
};

interface Received {
  from: string;
  to: string[];
  message: string;
  secure: boolean;
  user: string | undefined;
}

let closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing) close();
  closing = [];
});

/** A real mail server on a free port of loopback; it speaks TLS with a certificate of its own. */
async function mailServer(options: SMTPServerOptions = {}): Promise<{ port: number; received: Received[] }> {
  const received: Received[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disableReverseLookup: true,
    onData(stream, session, done) {
      void text(stream).then(message => {
        const { mailFrom, rcptTo } = session.envelope;
        received.push({
          from: mailFrom ? mailFrom.address : '',
          to: rcptTo.map(each => each.address),
          message,
          secure: session.secure,
          user: typeof session.user === 'string' ? session.user : undefined,
        });
        done();
      });
    },
    ...options,
  });
  server.on('error', () => undefined);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => server.close());
  return { port: (server.server.address() as AddressInfo).port, received };
}

const from = 'Sotto <sotto@example.org>';
/** The certificate of the test's server is nobody's. */
const lax = '?tls.rejectUnauthorized=false';

const failure = async (sending: Promise<void>): Promise<DeliveryError> => {
  const error: unknown = await sending.then(
    () => undefined,
    caught => caught,
  );
  if (!(error instanceof DeliveryError)) throw new Error(`not a DeliveryError: ${String(error)}`);
  expect(error.message).not.toContain('ada');
  return error;
};

describe('PE-1: codes by mail', () => {
  test('PE-1 a mail server gets the code, as plain text and as HTML', async () => {
    const { port, received } = await mailServer();
    await smtpMailer({ smtpUrl: `smtp://127.0.0.1:${port}${lax}`, from }).send(mail);
    expect(received).toHaveLength(1);
    const [one] = received;
    expect(one).toMatchObject({ from: 'sotto@example.org', to: ['ada@example.org'], secure: true });
    expect(one?.message).toMatch(/^From: Sotto <sotto@example\.org>\r?$/m);
    expect(one?.message).toMatch(/^To: ada@example\.org\r?$/m);
    expect(one?.message).toMatch(/^Subject: 123 456 is your Sotto code\r?$/m);
    expect(one?.message).toMatch(/^Auto-Submitted: auto-generated\r?$/m);
    expect(one?.message).toMatch(/Content-Type: multipart\/alternative/);
    expect(one?.message).toMatch(/Content-Type: text\/plain[\s\S]*your code for Sotto is 123 456/);
    expect(one?.message).toMatch(/Content-Type: text\/html[\s\S]*<b>123 456<\/b>/);
  });

  test('PE-1 by TLS from the first byte, with user and password', async () => {
    const { port, received } = await mailServer({
      secure: true,
      authOptional: false,
      onAuth({ username, password }, _session, done) {
        if (username === 'sotto@example.org' && password === 'p@ss/word') done(null, { user: username });
        else done(new Error('535 no'));
      },
    });
    const url = (password: string) =>
      `smtps://${encodeURIComponent('sotto@example.org')}:${encodeURIComponent(password)}@127.0.0.1:${port}${lax}`;
    await smtpMailer({ smtpUrl: url('p@ss/word'), from }).send(mail);
    expect(received).toMatchObject([{ secure: true, user: 'sotto@example.org' }]);
    const error = await failure(smtpMailer({ smtpUrl: url('wrong'), from }).send(mail));
    expect(error.message).toMatch(/^mail server: EAUTH/);
    expect(error.message).not.toContain('wrong');
  });

  test('PE-1 a certificate that nobody vouches for is refused', async () => {
    const { port, received } = await mailServer({ secure: true });
    const error = await failure(smtpMailer({ smtpUrl: `smtps://127.0.0.1:${port}`, from }).send(mail));
    expect(error.message).toMatch(/^mail server: E/);
    expect(received).toEqual([]);
  });

  test('PE-1 a password goes over a network by TLS or not at all', async () => {
    const { port, received } = await mailServer({ disabledCommands: ['STARTTLS'] });
    // Loopback by another name, so that it passes for a network.
    const smtpUrl = `smtp://user:password@[::ffff:127.0.0.1]:${port}`;
    expect((await failure(smtpMailer({ smtpUrl, from }).send(mail))).message).toMatch(/^mail server: ETLS/);
    expect(received).toEqual([]);
  });

  test('PE-1 a server that refuses the recipient: its number is told, the address is not', async () => {
    const { port } = await mailServer({
      onRcptTo: ({ address }, _session, done) =>
        done(Object.assign(new Error(`${address} unknown`), { responseCode: 550 })),
    });
    const sending = smtpMailer({ smtpUrl: `smtp://127.0.0.1:${port}${lax}`, from }).send(mail);
    expect((await failure(sending)).message).toBe('mail server: EENVELOPE 550');
  });

  test('PE-1 a server that says nothing is given up', async () => {
    const sockets: Socket[] = [];
    const silent = createServer(socket => sockets.push(socket));
    await new Promise<void>(resolve => silent.listen(0, '127.0.0.1', resolve));
    closing.push(() => {
      for (const socket of sockets) socket.destroy();
      silent.close();
    });
    const { port } = silent.address() as AddressInfo;
    const mailer = smtpMailer({ smtpUrl: `smtp://127.0.0.1:${port}`, from, timeout: 200 });
    expect((await failure(mailer.send(mail))).message).toBe('mail server: ETIMEDOUT');
  });

  test('PE-1 nobody there', async () => {
    const { port } = await mailServer();
    for (const close of closing.splice(0)) close();
    const error = await failure(smtpMailer({ smtpUrl: `smtp://127.0.0.1:${port}`, from }).send(mail));
    expect(error.message).toMatch(/^mail server: E(SOCKET|CONNECTION|CONNREFUSED)/);
  });

  test('PE-1 one mail goes to one address, whatever it looks like', async () => {
    const { port, received } = await mailServer();
    const mailer = smtpMailer({ smtpUrl: `smtp://127.0.0.1:${port}${lax}`, from });
    await mailer.send({ ...mail, subject: 'a\r\nBcc: eve@example.org' }).catch(() => undefined);
    expect(received.flatMap(each => each.to)).toEqual(['ada@example.org']);
    expect(received[0]?.message).not.toMatch(/^Bcc:/m);
  });

  test('PE-1 without a mail server, the operator reads the line in the terminal', async () => {
    const lines: string[] = [];
    await terminalMailer(line => lines.push(line)).send(mail);
    expect(lines).toEqual(['Sign-in code for ada@example.org: 123 456\n']);
    expect(createMailer(undefined).printed).toBe(true);
    expect(createMailer({ smtpUrl: 'smtp://127.0.0.1:9', from }).printed).toBe(false);
  });
});
