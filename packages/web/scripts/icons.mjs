// Draws the PNG icons from icon.svg. Run by hand after the drawing changes.
import { readFileSync } from 'node:fs';
import sharp from 'sharp';

const folder = new URL('../public/icons/', import.meta.url);
const svg = readFileSync(new URL('icon.svg', folder), 'utf8');
/** Platforms cut their own corners out of these: the drawing fills the square, and stays inside the safe middle. */
const full = svg
  .replace(/rx="\d+"/, '')
  .replace('<g ', '<g transform="translate(256 256) scale(.8) translate(-256 -256)" ');

const draw = (source, size, name) =>
  sharp(Buffer.from(source), { density: 144 })
    .resize(size, size)
    .png()
    .toFile(new URL(name, folder).pathname);

await Promise.all([
  draw(svg, 192, 'icon-192.png'),
  draw(svg, 512, 'icon-512.png'),
  draw(full, 512, 'maskable-512.png'),
  draw(full, 180, 'apple-180.png'),
]);
