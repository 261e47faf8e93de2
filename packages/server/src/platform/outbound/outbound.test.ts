import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createSocketServer, type Socket } from 'node:net';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createOutbound, OutboundError, type OutboundOptions } from './index.ts';

const html = { types: ['text/html'], maxBytes: 1024 * 1024 };

let stack: AsyncDisposableStack;
beforeEach(() => {
  stack = new AsyncDisposableStack();
});
afterEach(() => stack.disposeAsync());

/** A site on a free port. It counts who came to it. */
async function site(listener: RequestListener, host = '127.0.0.1', port = 0) {
  const seen: { path: string; headers: NodeJS.Dict<string | string[]> }[] = [];
  const server = createServer((request, response) => {
    seen.push({ path: request.url ?? '', headers: request.headers });
    listener(request, response);
  });
  await new Promise<void>(resolve => server.listen(port, host, resolve));
  stack.defer(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, seen };
}

/** A server that speaks bytes, not HTTP. */
async function raw(onSocket: (socket: Socket) => void) {
  const sockets = new Set<Socket>();
  const server = createSocketServer(socket => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    onSocket(socket);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  stack.defer(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, sockets };
}

function outbound(options: OutboundOptions = {}) {
  const made = createOutbound({ resolve: async () => ['127.0.0.1'], ...options });
  stack.defer(() => made.close());
  return made;
}
const allowing = (port: number, options: OutboundOptions = {}) =>
  outbound({ allow: [`site.test:${port}`], ...options });

async function reasonOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  if (!(error instanceof OutboundError)) throw new Error('no OutboundError', { cause: error });
  return error.reason;
}

const page = (body = '<title>hello</title>'): RequestListener => {
  return (_request, response) => response.setHeader('content-type', 'text/html; charset="UTF-8"').end(body);
};

describe('BC-23: what is asked', () => {
  test('BC-23 a page comes with its type and charset, asked for without cookies and under our own name', async () => {
    const { port, seen } = await site(page());
    const answer = await allowing(port).get(`http://site.test:${port}/a?b=c#d`, html);
    expect(answer).toMatchObject({ status: 200, type: 'text/html', charset: 'utf-8' });
    expect(answer.bytes.toString()).toBe('<title>hello</title>');
    const [request] = seen;
    expect(request?.path).toBe('/a?b=c');
    expect(request?.headers).toEqual({
      host: `site.test:${port}`,
      connection: expect.any(String),
      accept: 'text/html',
      'accept-encoding': 'gzip, br',
      'user-agent': expect.stringMatching(/^Sotto\/\d/),
    });
  });

  test.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
  ] as const)('BC-23 %s is decoded', async (coding, encode) => {
    const { port } = await site((_request, response) =>
      response
        .setHeader('content-type', 'text/html')
        .setHeader('content-encoding', coding)
        .end(encode('<p>packed')),
    );
    const { bytes } = await allowing(port).get(`http://site.test:${port}/`, html);
    expect(bytes.toString()).toBe('<p>packed');
  });

  test.each([
    ['no URL', 'url', 'hello'],
    ['a URL without end', 'url', `http://example.org/${'a'.repeat(3000)}`],
    ['file:', 'scheme', 'file:///etc/passwd'],
    ['ftp:', 'scheme', 'ftp://example.org/'],
    ['gopher:', 'scheme', 'gopher://example.org:80/'],
    ['data:', 'scheme', 'data:text/html,hi'],
    ['a user', 'credentials', 'http://user@example.org/'],
    ['a password', 'credentials', 'https://:secret@example.org/'],
    ['SSH’s port', 'port', 'http://example.org:22/'],
    ['another port', 'port', 'https://example.org:8443/'],
    ['port 0', 'port', 'http://example.org:0/'],
  ])('BC-23 %s is refused before anything is resolved', async (_what, reason, url) => {
    const resolve = vi.fn(async () => ['93.184.215.14']);
    const got = outbound({ resolve });
    expect(await reasonOf(got.get(url, html))).toBe(reason);
    expect(await reasonOf(got.post(url, { headers: {}, body: Buffer.alloc(0) }))).toBe(reason);
    expect(await reasonOf(got.check(url))).toBe(reason);
    expect(resolve).not.toHaveBeenCalled();
  });

  test.each([
    ['loopback', '127.0.0.1'],
    ['loopback with a dot at its end', '127.0.0.1.'],
    ['decimal', '2130706433'],
    ['octal', '0177.0.0.1'],
    ['octal in one number', '017700000001'],
    ['hexadecimal', '0x7f000001'],
    ['hexadecimal parts', '0x7f.0x0.0x0.0x1'],
    ['a mixture', '0x7f.1'],
    ['short', '127.1'],
    ['short', '127.0.1'],
    ['full-width digits', '１２７.０.０.１'],
    ['percent-encoded', '%31%32%37.0.0.1'],
    ['zero', '0.0.0.0'],
    ['zero, short', '0'],
    ['mapped', '[::ffff:127.0.0.1]'],
    ['mapped, hexadecimal', '[::ffff:7f00:1]'],
    ['mapped, written out', '[0:0:0:0:0:ffff:7f00:0001]'],
    ['compatible', '[::127.0.0.1]'],
    ['NAT64', '[64:ff9b::7f00:1]'],
    ['local NAT64', '[64:ff9b:1::7f00:1]'],
    ['6to4', '[2002:7f00:1::]'],
    ['Teredo', '[2001:0:4136:e378:8000:63bf:80ff:fffe]'],
    ['unspecified', '[::]'],
    ['loopback 6', '[::1]'],
    ['link-local', '169.254.7.7'],
    ['link-local 6', '[fe80::1]'],
    ['metadata', '169.254.169.254'],
    ['metadata, decimal', '2852039166'],
    ['metadata 6', '[fd00:ec2::254]'],
    ['metadata, a public address', '168.63.129.16'],
    ['CGNAT', '100.64.0.1'],
    ['private', '10.0.0.1'],
    ['private', '192.168.0.1'],
    ['broadcast', '255.255.255.255'],
    ['multicast', '224.0.0.1'],
    ['multicast 6', '[ff02::1]'],
    ['benchmarking', '198.18.0.1'],
    ['benchmarking 6', '[2001:2::1]'],
    ['localhost', 'localhost'],
    ['localhost, shouted', 'LOCALHOST'],
    ['localhost with a dot', 'localhost.'],
    ['a name below localhost', 'admin.localhost'],
    ['multicast DNS', 'printer.local'],
    ['a cloud’s own name', 'metadata.google.internal'],
    ['a single word', 'intranet'],
    ['a home network', 'nas.home.arpa'],
  ])('BC-23 inside, refused by its looks: %s (%s)', async (_what, host) => {
    const resolve = vi.fn(async () => ['93.184.215.14']);
    const got = outbound({ resolve });
    for (const url of [`http://${host}/`, `https://${host}/`]) {
      expect(await reasonOf(got.get(url, html))).toBe('address');
      expect(await reasonOf(got.post(url, { headers: {}, body: Buffer.alloc(0) }))).toBe('address');
      expect(await reasonOf(got.check(url))).toBe('address');
    }
    expect(resolve).not.toHaveBeenCalled();
  });

  test('BC-31 where only https will do, http is refused', async () => {
    const got = outbound({ resolve: async () => ['93.184.215.14'] });
    expect(await reasonOf(got.check('http://push.example.org/', { secure: true }))).toBe('scheme');
    await got.check('https://push.example.org/', { secure: true });
    await got.check('http://push.example.org/');
  });

  test('BC-23 an IPv6 address with a zone is no host', async () => {
    expect(await reasonOf(outbound().get('http://[fe80::1%25lo]/', html))).toBe('url');
  });

  test.each([
    [['127.0.0.1']],
    [['::1']],
    [['::ffff:127.0.0.1']],
    [['64:ff9b::7f00:1']],
    [['169.254.169.254']],
    [['fd00:ec2::254']],
    [['100.64.1.1']],
    [['0.0.0.0']],
    [['93.184.215.14', '10.0.0.1']],
    [['10.0.0.1', '93.184.215.14']],
    [['93.184.215.14', 'fe80::1']],
  ])('BC-23 a name that is at %j is refused, by whatever name', async addresses => {
    const got = outbound({ resolve: async () => addresses });
    for (const url of ['http://example.org/', 'https://example.org./', 'http://bücher.example/']) {
      expect(await reasonOf(got.get(url, html))).toBe('address');
      expect(await reasonOf(got.post(url, { headers: {}, body: Buffer.alloc(0) }))).toBe('address');
      expect(await reasonOf(got.check(url))).toBe('address');
    }
  });

  test('BC-23 a name that nobody knows', async () => {
    expect(await reasonOf(outbound({ resolve: async () => [] }).get('http://example.org/', html))).toBe(
      'unresolved',
    );
    // The name servers themselves are asked, and have no such name (RFC 6761).
    expect(await reasonOf(createOutbound({ timeout: 8000 }).get('http://nobody.invalid/', html))).toMatch(
      /unresolved|timeout/,
    );
  });

  test('BC-23 a name server that never answers is waited for no longer than the whole may take', async () => {
    const got = outbound({ resolve: () => new Promise(() => undefined), timeout: 50 });
    expect(await reasonOf(got.get('http://example.org/', html))).toBe('timeout');
    expect(await reasonOf(got.check('http://example.org/'))).toBe('timeout');
  });
});

describe('BC-23: going down', () => {
  test('BC-23 what is under way ends at once, and says why', async () => {
    const { port, sockets } = await raw(socket => void socket.resume());
    const got = allowing(port);
    const reasons = Promise.all([
      reasonOf(got.get(`http://site.test:${port}/`, html)),
      reasonOf(got.post(`http://site.test:${port}/`, { headers: {}, body: Buffer.from('x') })),
    ]);
    await vi.waitFor(() => expect(sockets.size).toBe(2));
    await got.close();
    expect(await reasons).toEqual(['closed', 'closed']);
    expect(await reasonOf(got.get(`http://site.test:${port}/`, html))).toBe('closed');
    await vi.waitFor(() => expect(sockets.size).toBe(0));
  });
});

describe('BC-23: rebinding', () => {
  test('BC-23 what was checked is what is connected to: a second answer is never asked for', async () => {
    const { port, seen } = await site(page('outside'));
    const inside = await site(page('inside'), '127.0.0.2', port);
    const answers = [['127.0.0.1'], ['127.0.0.2'], ['127.0.0.2']];
    const resolve = vi.fn(async () => answers.shift() ?? []);
    const { bytes } = await allowing(port, { resolve }).get(`http://site.test:${port}/`, html);
    expect(bytes.toString()).toBe('outside');
    expect(resolve).toHaveBeenCalledTimes(1);
    expect([seen.length, inside.seen.length]).toEqual([1, 0]);
  });

  test('BC-23 a name that was outside when it was looked at is checked again when it is connected to', async () => {
    const answers = [['93.184.215.14'], ['127.0.0.1']];
    const got = outbound({ resolve: async () => answers.shift() ?? [] });
    await got.check('http://rebind.example.org/');
    expect(await reasonOf(got.get('http://rebind.example.org/', html))).toBe('address');
  });
});

describe('BC-23: redirects', () => {
  const to =
    (...hops: string[]): RequestListener =>
    (request, response) => {
      const next = hops[Number(request.url?.slice(1)) || 0];
      if (next === undefined) page('there')(request, response);
      else response.writeHead(302, { location: next }).end();
    };

  test.each([301, 302, 303, 307, 308])('BC-23 a %i is followed', async status => {
    const { port } = await site((request, response) => {
      if (request.url === '/there') page('there')(request, response);
      else response.writeHead(status, { location: 'there' }).end();
    });
    const answer = await allowing(port).get(`http://site.test:${port}/`, html);
    expect([answer.bytes.toString(), answer.url]).toEqual(['there', `http://site.test:${port}/there`]);
  });

  test('BC-23 three are followed, a fourth is not', async () => {
    const { port, seen } = await site(to('/1', '/2', '/3'));
    expect((await allowing(port).get(`http://site.test:${port}/`, html)).bytes.toString()).toBe('there');
    const more = await site(to('/1', '/2', '/3', '/4', '/5'));
    expect(await reasonOf(allowing(more.port).get(`http://site.test:${more.port}/`, html))).toBe('redirects');
    expect([seen.length, more.seen.length]).toEqual([4, 4]);
  });

  test.each([
    ['to loopback', 'http://127.0.0.1/', 'address'],
    ['to loopback without a scheme', '//127.0.0.1/', 'address'],
    ['to a short form', 'http://127.1/', 'address'],
    ['to metadata', 'http://169.254.169.254/latest/meta-data/', 'address'],
    ['to mapped loopback', 'https://[::ffff:127.0.0.1]/', 'address'],
    ['to NAT64 loopback', 'http://[64:ff9b::7f00:1]/', 'address'],
    ['to localhost', 'http://localhost/', 'address'],
    ['to a name that is inside', 'http://inside.example.org/', 'address'],
    ['to another port', 'http://example.org:6379/', 'port'],
    ['to a file', 'file:///etc/passwd', 'scheme'],
    ['with a password', 'http://a:b@example.org/', 'credentials'],
    ['to nowhere', 'http://[', 'url'],
  ])('BC-23 %s is refused, at the first hop and at the last', async (_what, location, reason) => {
    for (const hops of [[location], ['/1', location], ['/1', '/2', location]]) {
      const { port } = await site(to(...hops));
      expect(await reasonOf(allowing(port).get(`http://site.test:${port}/`, html))).toBe(reason);
    }
  });

  test('BC-23 one port that is allowed allows no other of the same host', async () => {
    const inside = await site(page('inside'));
    const { port } = await site(to(`http://site.test:${inside.port}/`));
    expect(await reasonOf(allowing(port).get(`http://site.test:${port}/`, html))).toBe('port');
    expect(inside.seen).toEqual([]);
  });

  test('BC-23 a host that is held back is not asked, at first or after a redirect', async () => {
    const { port, seen } = await site(to('/1', 'http://held.example.org/'));
    const got = allowing(port, {
      resolve: async host => [host === 'site.test' ? '127.0.0.1' : '93.184.215.14'],
    });
    const isHeld = (host: string) => host === 'held.example.org';
    expect(await reasonOf(got.get(`http://site.test:${port}/`, { ...html, isHeld }))).toBe('held');
    expect(seen.length).toBe(2);
    expect(await reasonOf(got.get('http://HELD.example.org./', { ...html, isHeld }))).toBe('held');
  });

  test('BC-23 a push is not sent on', async () => {
    const { port, seen } = await site((_request, response) =>
      response.writeHead(307, { location: '/x' }).end(),
    );
    const answer = await allowing(port).post(`http://site.test:${port}/`, {
      headers: { ttl: '60' },
      body: Buffer.from('x'),
    });
    expect([answer.status, seen.length]).toEqual([307, 1]);
  });
});

describe('BC-23: bodies and headers that are built to hurt', () => {
  const mega = 1024 * 1024;
  const small = { timeout: 400 };
  const grown = async (work: () => Promise<unknown>): Promise<number> => {
    const before = process.memoryUsage().rss;
    let most = before;
    const timer = setInterval(() => {
      most = Math.max(most, process.memoryUsage().rss);
    }, 10);
    await work().finally(() => clearInterval(timer));
    return Math.max(most, process.memoryUsage().rss) - before;
  };

  test('BC-23 a body without end is cut, or refused, and the connection ended', async () => {
    const block = Buffer.alloc(64 * 1024, 'a');
    const endless = await raw(socket => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n');
      const more = (): void => {
        while (!socket.destroyed && socket.write(block));
      };
      socket.on('drain', more);
      more();
    });
    const url = `http://site.test:${endless.port}/`;
    const got = allowing(endless.port);
    const { bytes } = await got.get(url, { ...html, onLarge: 'cut' });
    expect(bytes.length).toBe(mega);
    expect(await reasonOf(got.get(url, html))).toBe('too_large');
    await vi.waitFor(() => expect(endless.sockets.size).toBe(0));
  });

  test.each([
    ['gzip', (bytes: Buffer) => gzipSync(bytes, { level: 1 })],
    ['br', (bytes: Buffer) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })],
  ] as const)('BC-23 a %s bomb is stopped at its first megabyte', async (coding, encode) => {
    const bomb = encode(Buffer.alloc(128 * mega));
    expect(bomb.length).toBeLessThan(mega);
    const { port } = await site((_request, response) =>
      response.writeHead(200, { 'content-type': 'text/html', 'content-encoding': coding }).end(bomb),
    );
    const got = allowing(port);
    const more = await grown(async () => {
      expect((await got.get(`http://site.test:${port}/`, { ...html, onLarge: 'cut' })).bytes.length).toBe(
        mega,
      );
      expect(await reasonOf(got.get(`http://site.test:${port}/`, html))).toBe('too_large');
    });
    expect(more).toBeLessThan(64 * mega);
  });

  test.each(['gzip, gzip', 'zstd', 'compress', 'constructor'])(
    'BC-23 the coding %j was not offered',
    async coding => {
      const { port } = await site((_request, response) =>
        response
          .writeHead(200, { 'content-type': 'text/html', 'content-encoding': coding })
          .end(gzipSync(gzipSync('x'))),
      );
      expect(await reasonOf(allowing(port).get(`http://site.test:${port}/`, html))).toBe('encoding');
    },
  );

  test.each(['gzip', 'br', 'deflate'])('BC-23 bytes that are not %s', async coding => {
    const { port } = await site((_request, response) =>
      response
        .writeHead(200, { 'content-type': 'text/html', 'content-encoding': coding })
        .end(Buffer.from('<title>not packed at all</title>'.repeat(1000))),
    );
    expect(await reasonOf(allowing(port).get(`http://site.test:${port}/`, html))).toBe('encoding');
  });

  test.each([
    ['never answers', () => undefined],
    [
      'sends its headers a letter at a time',
      (socket: Socket) => {
        socket.write('HTTP/1.1 200 OK\r\nx-slow: ');
        const timer = setInterval(() => socket.write('a'), 10);
        socket.on('close', () => clearInterval(timer));
      },
    ],
    [
      'says "continue" for ever',
      (socket: Socket) => {
        const timer = setInterval(() => socket.write('HTTP/1.1 103 Early Hints\r\n\r\n'), 10);
        socket.on('close', () => clearInterval(timer));
      },
    ],
    [
      'sends its body a letter at a time',
      (socket: Socket) => {
        socket.write('HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n');
        const timer = setInterval(() => socket.write('a'), 10);
        socket.on('close', () => clearInterval(timer));
      },
    ],
    [
      'stops in the middle',
      (socket: Socket) => {
        socket.write('HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 1000\r\n\r\nabc');
      },
    ],
  ] as const)('BC-23 a server that %s is left in time, and its connection ended', async (_what, behave) => {
    const slow = await raw(socket => void socket.once('data', () => behave(socket)));
    const got = allowing(slow.port, small);
    expect(await reasonOf(got.get(`http://site.test:${slow.port}/`, html))).toBe('timeout');
    await vi.waitFor(() => expect(slow.sockets.size).toBe(0));
  });

  test('BC-23 one clock runs over all redirects', async () => {
    const { port, seen } = await site((request, response) => {
      const hop = Number(request.url?.slice(1)) || 0;
      setTimeout(() => response.writeHead(302, { location: `/${hop + 1}` }).end(), 250);
    });
    expect(await reasonOf(allowing(port, small).get(`http://site.test:${port}/`, html))).toBe('timeout');
    expect(seen.length).toBeLessThanOrEqual(2);
  });

  test('BC-23 headers without end', async () => {
    const { port } = await raw(socket => {
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n');
        for (let line = 0; line < 1000; line += 1) socket.write(`x-${line}: ${'a'.repeat(1000)}\r\n`);
      });
    });
    expect(await reasonOf(allowing(port).get(`http://site.test:${port}/`, html))).toBe('headers');
  });

  test('BC-23 what is no HTTP', async () => {
    const { port } = await raw(socket => void socket.once('data', () => socket.end('SSH-2.0-OpenSSH\r\n')));
    expect(await reasonOf(allowing(port).get(`http://site.test:${port}/`, html))).toBe('failed');
  });

  test('BC-23 nobody listens', async () => {
    const { port, sockets } = await raw(() => undefined);
    await stack.disposeAsync();
    stack = new AsyncDisposableStack();
    expect(sockets.size).toBe(0);
    expect(await reasonOf(allowing(port).get(`http://site.test:${port}/`, html))).toBe('failed');
  });

  test('BC-23 another type than was asked for is not read', async () => {
    const { port } = await site((_request, response) =>
      response.writeHead(200, { 'content-type': 'application/zip' }).end('PK'),
    );
    expect(await reasonOf(allowing(port).get(`http://site.test:${port}/`, html))).toBe('type');
    expect(
      await reasonOf(allowing(port).get(`http://site.test:${port}/`, { ...html, types: ['image/'] })),
    ).toBe('type');
  });

  test('BC-23 a push service that answers without end, or not at all', async () => {
    const chatty = await raw(socket => {
      socket.write('HTTP/1.1 201 Created\r\nretry-after: 7\r\n\r\n');
      const timer = setInterval(() => socket.write('a'.repeat(4096)), 1);
      socket.on('close', () => clearInterval(timer));
    });
    const request = { headers: {}, body: Buffer.from('x') };
    expect(await allowing(chatty.port).post(`http://site.test:${chatty.port}/`, request)).toEqual({
      status: 201,
      retryAfter: '7',
    });
    await vi.waitFor(() => expect(chatty.sockets.size).toBe(0));
    const dumb = await raw(() => undefined);
    expect(await reasonOf(allowing(dumb.port, small).post(`http://site.test:${dumb.port}/`, request))).toBe(
      'timeout',
    );
  });
});
