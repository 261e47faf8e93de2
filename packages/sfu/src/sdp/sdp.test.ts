import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MediaError } from '../errors.ts';
import { readTransport, writeAnswer } from './answer.ts';
import { parseOffer, writeOffer } from './offer.ts';

const FINGERPRINT = `sha-256 ${Array.from({ length: 32 }, () => 'AB').join(':')}`;

interface Fields {
  readonly payloadType?: number;
  readonly slots?: number;
  readonly extra?: readonly string[];
}

/** What a browser offers, shortened to what counts. */
function offer({ payloadType = 111, slots = 4, extra = [] }: Fields = {}): string {
  const mids = Array.from({ length: slots + 1 }, (_, index) => String(index));
  const section = (mid: string) => [
    `m=audio 9 UDP/TLS/RTP/SAVPF ${payloadType} 63 9 0`,
    'c=IN IP4 0.0.0.0',
    'a=ice-ufrag:abcd',
    'a=ice-pwd:abcdefghijklmnopqrstuvwx',
    `a=fingerprint:${FINGERPRINT}`,
    'a=setup:actpass',
    `a=mid:${mid}`,
    'a=extmap:3 urn:ietf:params:rtp-hdrext:ssrc-audio-level',
    mid === '0' ? 'a=sendonly' : 'a=recvonly',
    'a=rtcp-mux',
    `a=rtpmap:${payloadType} opus/48000/2`,
    'a=rtpmap:63 red/48000/2',
    'a=candidate:1 1 UDP 2122260223 abc.local 50000 typ host',
    ...(mid === '0' ? ['a=ssrc:1234 cname:x', 'a=ssrc:1234 msid:- y'] : []),
  ];
  const head = ['v=0', 'o=- 1 2 IN IP4 127.0.0.1', 's=-', 't=0 0', `a=group:BUNDLE ${mids.join(' ')}`];
  return [...head, ...mids.flatMap(section), ...extra, ''].join('\r\n');
}

const refusal = (sdp: string): string | undefined => {
  try {
    parseOffer(sdp, 4);
    return undefined;
  } catch (error) {
    return error instanceof MediaError && error.code === 'bad_offer' ? error.field : String(error);
  }
};

describe('AU-4 offers', () => {
  it('AU-4 reads what a browser offers', () => {
    const parsed = parseOffer(offer(), 4);
    expect(parsed.uplink).toMatchObject({ mid: '0', payloadType: 111, levelExtension: 3, sources: [1234] });
    expect(parsed.slots.map(section => section.mid)).toEqual(['1', '2', '3', '4']);
    expect(parsed.fingerprint).toBe(FINGERPRINT);
  });

  it('AU-4 hands the library nothing but what was checked', () => {
    const sanitised = writeOffer(parseOffer(offer({ extra: ['a=evil:1', 'a=candidate:x'] }), 4));
    expect(sanitised).not.toMatch(/evil|candidate|msid|local/);
    expect(parseOffer(sanitised, 4)).toMatchObject({ slots: [{ mid: '1' }, {}, {}, {}] });
  });

  it.each([
    ['no SDP', 'hello', 'v'],
    ['nothing', '', 'v'],
    ['too long', offer({ extra: ['a=x:'.padEnd(40_000, 'x')] }), 'offer'],
    ['a control character', offer({ extra: ['a=x\u0000y'] }), 'offer'],
    ['no media', 'v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\n', 'm'],
    ['video', offer().replace('m=audio', 'm=video'), 'm'],
    ['plain RTP', offer().replaceAll('UDP/TLS/RTP/SAVPF', 'RTP/AVP'), 'm'],
    ['too many sections', offer({ slots: 5 }), 'm'],
    ['two that send', offer().replace('a=recvonly', 'a=sendonly'), 'sendonly'],
    ['both directions', offer().replace('a=recvonly', 'a=sendrecv'), 'direction'],
    ['the same mid twice', offer().replace('a=mid:1', 'a=mid:0'), 'mid'],
    ['a mid with a space', offer().replace('a=mid:1', 'a=mid:1 2'), 'mid'],
    ['no bundle', offer().replace('a=group:BUNDLE 0 1 2 3 4', 'a=x:y'), 'group'],
    ['no rtcp-mux', offer().replace('a=rtcp-mux\r\n', ''), 'rtcp-mux'],
    ['no Opus', offer().replaceAll('opus/48000/2', 'speex/16000'), 'rtpmap'],
    ['a payload type that looks like RTCP', offer({ payloadType: 72 }), 'rtpmap'],
    ['no ICE password', offer().replaceAll(/a=ice-pwd.*\r\n/g, ''), 'ice-pwd'],
    [
      'an ICE fragment with a colon',
      offer().replaceAll('a=ice-ufrag:abcd', 'a=ice-ufrag:ab:cd'),
      'ice-ufrag',
    ],
    ['a weak fingerprint', offer().replaceAll('sha-256', 'md5'), 'fingerprint'],
    ['no setup', offer().replaceAll('a=setup:actpass\r\n', ''), 'setup'],
  ])('AU-4 refuses %s, and names the field', (_, sdp, field) => {
    expect(refusal(sdp)).toBe(field);
  });

  it('AU-4 only ever refuses with a MediaError, whatever is changed in an offer', () => {
    const lines = offer().split('\r\n');
    fc.assert(
      fc.property(
        fc.nat(lines.length - 1),
        fc.oneof(
          fc.string(),
          fc.constantFrom('m=audio', 'a=mid:', 'v=0', 'a=ssrc:99999999999 x', 'a=extmap:0 x'),
        ),
        fc.boolean(),
        (index, line, insert) => {
          const changed = lines.toSpliced(index, insert ? 0 : 1, line).join('\r\n');
          expect(refusal(changed) ?? 'taken').not.toMatch(/^\w*Error/);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('answers', () => {
  const transport = { iceUfrag: 'u', icePwd: 'p', fingerprint: 'sha-256 AA', setup: 'active' };
  const terms = {
    port: 4000,
    announce: ['203.0.113.7', '2001:db8::1'],
    slotSources: [11, 12, 13, 14],
    cname: 'c',
  };

  it('AU-4 names the offer’s own payload type, and what microphones are asked for', () => {
    const answer = writeAnswer(parseOffer(offer({ payloadType: 109 }), 4), transport, terms);
    expect(answer).toContain('a=rtpmap:109 opus/48000/2');
    expect(answer).toMatch(/a=fmtp:109 .*useinbandfec=1.*usedtx=1.*maxaveragebitrate=\d+/);
    expect(answer).toContain('a=ptime:20\r\n');
    expect(answer).toContain('a=extmap:3 urn:ietf:params:rtp-hdrext:ssrc-audio-level');
    expect(answer).not.toContain('111');
  });

  it('AU-4 has a host candidate for each announced address, best first, and says that there are no more', () => {
    const answer = writeAnswer(parseOffer(offer(), 4), transport, terms);
    const candidates = answer.match(/a=candidate:.*/g) ?? [];
    expect(candidates).toHaveLength(10);
    expect(candidates[0]).toMatch(/UDP \d+ 203\.0\.113\.7 4000 typ host/);
    expect(Number(candidates[0]?.split(' ')[3])).toBeGreaterThan(Number(candidates[1]?.split(' ')[3]));
    expect(answer.match(/a=end-of-candidates/g)).toHaveLength(5);
    expect([...answer.matchAll(/a=ssrc:(\d+) cname/g)].map(match => match[1])).toEqual([
      '11',
      '12',
      '13',
      '14',
    ]);
  });

  it('reads the transport lines of the library’s description', () => {
    const sdp =
      'v=0\r\na=fingerprint:sha-256 AA\r\nm=x\r\na=setup:active\r\na=ice-ufrag:u\r\na=ice-pwd:p\r\n';
    expect(readTransport(sdp)).toEqual(transport);
    expect(readTransport('v=0')).toBeUndefined();
  });
});
