import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';

const api = process.env.SOTTO_API ?? 'http://localhost:7440';

/** Writes `.br` and `.gz` beside each text file, so that the server need not compress while it serves. */
function compressed(): Plugin {
  let folder = '';
  return {
    name: 'compressed',
    apply: 'build',
    enforce: 'post',
    configResolved(config) {
      folder = resolve(config.root, config.build.outDir);
    },
    closeBundle: {
      order: 'post',
      sequential: true,
      async handler() {
        const files = await readdir(folder, { recursive: true });
        const texts = files.filter(file => /\.(js|css|html|svg|webmanifest)$/.test(file));
        await Promise.all(
          texts.map(async file => {
            const path = join(folder, file);
            const bytes = await readFile(path);
            await writeFile(`${path}.br`, await promisify(brotliCompress)(bytes));
            await writeFile(`${path}.gz`, await promisify(gzip)(bytes, { level: 9 }));
          }),
        );
      },
    },
  };
}

/** Tells `start.js` which files a conversation is drawn with, so that they come beside the first ones where one is opened. */
function namesConversation(): Plugin {
  return {
    name: 'names-conversation',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(html, { bundle = {} }) {
        const chunks = Object.values(bundle).filter(each => each.type === 'chunk');
        const wanted = new Set<string>();
        const want = (file: string) => {
          const chunk = chunks.find(each => each.fileName === file);
          if (!chunk || chunk.isEntry || wanted.has(file)) return;
          wanted.add(file);
          for (const css of chunk.viteMetadata?.importedCss ?? []) wanted.add(css);
          chunk.imports.forEach(want);
        };
        for (const { facadeModuleId, fileName, moduleIds } of chunks)
          if ([facadeModuleId, ...moduleIds].some(id => id?.endsWith('/conversation/Conversation.tsx')))
            want(fileName);
        if (wanted.size === 0) throw new Error('no file has a conversation');
        const files = [...wanted].map(file => `/${file}`).join(' ');
        return html.replace('src="/start.js"', `src="/start.js" data-conversation="${files}"`);
      },
    },
  };
}

/**
 * The page runs under `script-src 'self'; style-src 'self'`: nothing may be inlined into index.html, and assets are never
 * turned into data: URLs.
 */
export default defineConfig({
  plugins: [
    react(),
    VitePWA({
      registerType: 'prompt',
      injectRegister: null,
      includeAssets: ['start.js'],
      manifest: {
        id: '/',
        name: 'Sotto',
        short_name: 'Sotto',
        description: 'Live audio rooms, and a Backchannel of messages around them.',
        start_url: '/',
        scope: '/',
        display: 'standalone',
        background_color: '#f6f4fa',
        theme_color: '#f6f4fa',
        categories: ['social'],
        icons: [
          { src: '/icons/icon-192.png', sizes: '192x192', type: 'image/png' },
          { src: '/icons/icon-512.png', sizes: '512x512', type: 'image/png' },
          { src: '/icons/maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
        ],
        shortcuts: [
          { name: 'Open a room', url: '/?open=room' },
          { name: 'Backchannel', url: '/backchannel' },
        ],
        // Taken by the service worker (src/sw/share.ts): the server never sees what is shared.
        share_target: {
          action: '/share',
          method: 'POST',
          enctype: 'multipart/form-data',
          params: {
            title: 'title',
            text: 'text',
            url: 'url',
            files: [{ name: 'files', accept: ['image/*', 'video/*', 'audio/*'] }],
          },
        },
      },
      // Written by hand for pushes; it keeps the app for offline as the generated one did.
      strategies: 'injectManifest',
      srcDir: 'src/sw',
      filename: 'sw.ts',
      injectManifest: {
        globPatterns: ['**/*.{js,css,html}', '**/*-latin-*.woff2'],
        globIgnores: ['**/*vietnamese*'],
      },
    }),
    namesConversation(),
    compressed(),
  ],
  build: {
    emptyOutDir: true,
    target: ['es2022', 'safari17', 'chrome120', 'firefox121'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // A part of the catalogue that a chunk does not say is not loaded with it.
      treeshake: { moduleSideEffects: [{ test: /\/src\/words\//, sideEffects: false }] },
      // What the first load needs comes in one file: it packs tighter than twenty. So does what a conversation needs.
      output: {
        codeSplitting: {
          groups: [
            { name: 'first', tags: ['$initial'] },
            { name: 'parts', test: /\/(src\/ui|lucide-react)\//, minShareCount: 2 },
            // Who is at the door needs none of the words but their own.
            { name: 'words', test: /\/src\/words\/(?!en\/signin\.ts).*\.ts$/, minShareCount: 3 },
            { name: 'conversation', test: /\/conversation\/Conversation\.tsx$/ },
          ],
        },
      },
    },
  },
  server: {
    proxy: {
      '/v1': api,
      '/files': api,
      '/previews': api,
      '/socket': { target: api, ws: true },
    },
  },
});
