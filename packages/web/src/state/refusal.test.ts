import { describe, expect, it } from 'vitest';
import { words } from '../words/index.ts';
import { wordsFor } from './errors.ts';
import { refusalOf } from './refusal.ts';

const damaged = { state: 'failed', code: 'attachment_rejected', details: { reason: 'damaged' } } as const;
const why = wordsFor(damaged);
const picture = (name: string | null) => ({ kind: 'image', name }) as const;

describe('BC-21 a failed message says what was refused', () => {
  it('names the one of several files, and says why', () => {
    const said = refusalOf({ ...damaged, file: 1 }, [picture('a.png'), picture('b.png')]);
    expect(said).toBe(words.conversation.fileRefused('b.png', 2, 2, why));
    expect(said).toContain('b.png');
    expect(said).toContain(why);
  });

  it('counts where a file has no name', () => {
    const said = refusalOf({ ...damaged, file: 0 }, [picture(null), picture('b.png')]);
    expect(said).toBe(words.conversation.unnamedRefused(words.conversation.image, 1, 2, why));
  });

  it('keeps the end of a long name', () => {
    const name = `${'holiday in the mountains '.repeat(8)}IMG_2041.jpeg`;
    const said = refusalOf({ ...damaged, file: 0 }, [picture(name), picture('b.png')]);
    expect(said).toContain('MG_2041.jpeg');
    expect(said.length).toBeLessThan(140);
  });

  it('needs no name where there is one file, or none was refused', () => {
    expect(refusalOf({ ...damaged, file: 0 }, [picture('a.png')])).toBe(why);
    expect(refusalOf({ ...damaged, file: null }, [picture('a.png'), picture('b.png')])).toBe(why);
  });

  it('has words for a file that the device has lost', () => {
    expect(wordsFor({ code: 'file_unreadable', details: {} })).not.toBe(words.errorUnknown);
  });
});
