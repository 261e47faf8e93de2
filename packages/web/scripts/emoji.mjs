// Writes the list of emoji with the words they are found by (Unicode CLDR). Run by hand after a new version of Unicode.
import { writeFileSync } from 'node:fs';
import data from 'emojibase-data/en/compact.json' with { type: 'json' };
import messages from 'emojibase-data/en/messages.json' with { type: 'json' };

const skinAndHair = 2;
const lines = messages.groups
  .filter(({ order }) => order !== skinAndHair)
  .toSorted((a, b) => a.order - b.order)
  .flatMap(({ order, message }) => [
    `# ${message[0].toUpperCase()}${message.slice(1)}`,
    ...data
      .filter(emoji => emoji.group === order && /^\p{RGI_Emoji}$/v.test(emoji.unicode))
      .toSorted((a, b) => a.order - b.order)
      .map(({ unicode, label, tags = [] }) => {
        const known = label.split(/[\s,]+/u);
        return `${unicode} ${label}, ${tags.filter(tag => !known.includes(tag)).join(' ')}`.replace(
          /, $/,
          '',
        );
      }),
  ]);
writeFileSync(new URL('../src/words/en/emoji.txt', import.meta.url), `${lines.join('\n')}\n`);
