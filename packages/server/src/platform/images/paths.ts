import type { Picture } from '@sotto/protocol';
import type { z } from 'zod';

/** Where the sizes of a kept picture are served, by its name. */
export const pictureOf = (name: string | null): z.infer<typeof Picture> | null =>
  name === null
    ? null
    : { small: `/files/pictures/${name}-96.webp`, large: `/files/pictures/${name}-384.webp` };
