import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readLevel } from './level.ts';
import { emptyRtpView, parseRtp, patchOrder, SLOT_HEADER_BYTES, writeRtpHeader } from './packet.ts';
import { Reception } from './reception.ts';
import {
  isRtcp,
  parseRtcp,
  RECEIVER_REPORT_BYTES,
  writeEmptyReport,
  writeLeaving,
  writeReceiverReport,
} from './rtcp.ts';
import { sequenceDelta, timestampDelta } from './wrap.ts';

const header = (first: number, rest: readonly number[] = []): Buffer =>
  Buffer.from([first, 111, 0x12, 0x34, 0, 0, 3, 0xc0, 0, 0, 0, 7, ...rest]);

describe('AU-2 RTP', () => {
  it('AU-2 reads what it writes', () => {
    fc.assert(
      fc.property(
        fc.nat(127),
        fc.boolean(),
        fc.nat(0xffff),
        fc.nat(0xffffffff),
        fc.nat(0xffffffff),
        fc.uint8Array({ minLength: 1, maxLength: 50 }),
        (payloadType, marker, sequence, timestamp, ssrc, payload) => {
          const packet = Buffer.alloc(SLOT_HEADER_BYTES + payload.length);
          writeRtpHeader(packet, payloadType, marker, 1, 1, ssrc, 99);
          packet.set(payload, SLOT_HEADER_BYTES);
          patchOrder(packet, sequence, timestamp);
          const view = emptyRtpView();
          expect(parseRtp(packet, view)).toBe(true);
          expect(view).toMatchObject({ payloadType, marker, sequence, timestamp, ssrc });
          expect([...packet.subarray(view.payloadStart, view.payloadEnd)]).toEqual([...payload]);
          expect(packet.readUInt32BE(12)).toBe(99);
        },
      ),
    );
  });

  it('AU-4 finds the payload after sources and extension, and before padding', () => {
    const view = emptyRtpView();
    const packet = header(0xb1, [0, 0, 0, 9, 0xbe, 0xde, 0, 1, 0x10, 0x85, 0, 0, 1, 2, 3, 0, 2]);
    expect(parseRtp(packet, view)).toBe(true);
    expect([...packet.subarray(view.payloadStart, view.payloadEnd)]).toEqual([1, 2, 3]);
    expect(readLevel(packet, view, 1)).toBe(5);
    expect(readLevel(packet, view, 2)).toBe(-1);
  });

  it('AU-1 reads the level from two-byte extensions', () => {
    const view = emptyRtpView();
    const packet = header(0x90, [0x10, 0, 0, 2, 0, 3, 2, 9, 9, 20, 1, 0x80 | 42, 1]);
    expect(parseRtp(packet, view)).toBe(true);
    expect(readLevel(packet, view, 20)).toBe(42);
  });

  it.each([
    ['too short', Buffer.alloc(11, 0x80)],
    ['version 1', header(0x40, [1])],
    ['more sources than bytes', header(0x8f, [1])],
    ['an extension that is cut off', header(0x90, [0xbe, 0xde, 0, 9, 1])],
    ['padding of nothing', header(0xa0, [1, 0])],
    ['more padding than bytes', header(0xa0, [1, 200])],
  ])('AU-4 refuses %s', (_, packet) => {
    expect(parseRtp(packet, emptyRtpView())).toBe(false);
  });

  it('AU-4 never throws, and never points outside the packet', () => {
    const view = emptyRtpView();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), fc.nat(255), (bytes, id) => {
        const packet = Buffer.from(bytes);
        parseRtcp(packet, { senderReport: 0, leaving: false });
        if (!parseRtp(packet, view)) return;
        expect(view.payloadStart).toBeLessThanOrEqual(view.payloadEnd);
        expect(view.payloadEnd).toBeLessThanOrEqual(packet.length);
        expect(readLevel(packet, view, id)).toBeLessThanOrEqual(127);
      }),
      { numRuns: 3000 },
    );
  });

  it('AU-2 distances are right across the wrap', () => {
    expect(sequenceDelta(0xffff, 0)).toBe(1);
    expect(sequenceDelta(0, 0xffff)).toBe(-1);
    expect(timestampDelta(0xffffffff, 959)).toBe(960);
  });
});

describe('AU-4 RTCP', () => {
  const view = { senderReport: 0, leaving: false };

  it('AU-4 is told apart from RTP', () => {
    expect(isRtcp(Buffer.from([0x80, 200]))).toBe(true);
    expect(isRtcp(Buffer.from([0x80, 111]))).toBe(false);
    expect(isRtcp(Buffer.from([0x80, 0x80 | 111]))).toBe(false);
  });

  it('AU-8 a goodbye in a compound packet is understood', () => {
    expect(parseRtcp(Buffer.concat([writeEmptyReport(1), writeLeaving(2)]), view)).toBe(true);
    expect(view.leaving).toBe(true);
  });

  it('AU-4 a length past the end is malformed', () => {
    expect(parseRtcp(Buffer.from([0x80, 201, 0, 9, 0, 0, 0, 1]), view)).toBe(false);
  });

  it('AU-4 reports what was lost, so that the sender mends it', () => {
    const reception = new Reception();
    expect(reception.report(0)).toBeUndefined();
    for (let index = 0; index < 100; index += 1) {
      if (index % 4 !== 3) reception.received(7, (0xfff0 + index) & 0xffff, index * 960, index * 20);
    }
    reception.senderReport(0xabcd, 2000);
    const report = reception.report(3000);
    expect(report).toMatchObject({ ssrc: 7, lastSenderReport: 0xabcd, delaySinceLast: 65_536, jitter: 0 });
    expect(report?.cumulativeLost).toBe(24);
    expect((report?.fractionLost ?? 0) / 256).toBeCloseTo(24 / 99, 1);
    const packet = Buffer.alloc(RECEIVER_REPORT_BYTES);
    if (report !== undefined) writeReceiverReport(packet, 1, report);
    expect(parseRtcp(packet, view)).toBe(true);
    expect(reception.report(4000)?.fractionLost).toBe(0);
  });
});
