import { describe, expect, test } from 'vitest';
import { createLog, type Log } from './index.ts';

function logged(format: 'pretty' | 'json', write: (log: Log) => void, level: Log['level'] = 'info'): string {
  let output = '';
  write(
    createLog(
      { level, format },
      {
        write: line => {
          output += line;
        },
      },
    ),
  );
  return output;
}

describe('logs', () => {
  test('secrets and people’s own things are removed at any depth', () => {
    const output = logged('json', log => {
      log.info(
        { request: { headers: { Authorization: 'Bearer s3cret', cookie: 's3cret' } }, token: 's3cret' },
        'a',
      );
      log.info(
        { code: '123456', list: [{ ticket: 's3cret', email: 's3cret@example.org', ip: 's3cret' }] },
        'b',
      );
    });
    expect(output).not.toMatch(/s3cret|123456/);
    expect(output.match(/\[removed\]/g)).toHaveLength(7);
  });

  test('an error keeps its words, code, stack and cause, and none of the row a driver hangs on it', () => {
    const cause = Object.assign(new Error('duplicate key'), {
      code: '23505',
      detail: 'Key (email)=(ada@example.org)',
    });
    const output = logged('json', log => {
      log.error({ err: new Error('could not save', { cause }) }, 'save');
    });
    const { err } = JSON.parse(output);
    expect(err).toMatchObject({
      message: 'could not save',
      cause: { message: 'duplicate key', code: '23505' },
    });
    expect(err.stack).toContain('log.test.ts');
    expect(output).not.toContain('ada@example.org');
  });

  test('error codes stay', () => {
    expect(logged('json', log => log.warn({ code: 'room_full' }, 'refused'))).toContain('room_full');
  });

  test('something that refers to itself does not hang the log', () => {
    const loop: Record<string, unknown> = {};
    loop.again = loop;
    expect(logged('json', log => log.info({ loop }, 'round'))).toContain('[too deep]');
  });

  test('pretty is one line for a person, and a stack below it', () => {
    const output = logged('pretty', log => {
      log.info({ room: 'r1', words: 'two words' }, 'room opened');
      log.error({ err: new Error('broken') }, 'failed');
    });
    const [first, second, third] = output.split('\n');
    expect(first).toMatch(/^\d\d:\d\d:\d\d info {2}room opened room=r1 words="two words"$/);
    expect(second).toContain('error failed');
    expect(third).toBe('  Error: broken');
  });

  test('lines below the level are not written', () => {
    expect(logged('json', log => log.debug('quiet'))).toBe('');
    expect(logged('json', log => log.error('quiet'), 'silent')).toBe('');
  });
});
