import { gzipSync } from 'node:zlib';
import { calls } from '@sotto/protocol';
import { type Network, startNetwork } from '@sotto/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let network: Network;
beforeAll(async () => {
  const { WEB_DIST } = process.env;
  network = await startNetwork({ env: { ...(WEB_DIST && { WEB_DIST }) } });
});
afterAll(() => network.stop());

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${network.url(0)}${path}`, { headers });

describe('what the operator and the developer read', () => {
  it('/healthz says alive, /readyz names database, bus and audio', async () => {
    expect(await (await get('/healthz')).json()).toEqual({ status: 'alive' });
    const ready = await get('/readyz');
    expect(ready.status).toBe(200);
    expect(await ready.json()).toEqual({ status: 'ready', database: 'ok', bus: 'ok', audio: 'ok' });
  });

  it('/metrics is for this machine, and absent for whoever comes through a proxy', async () => {
    const own = await get('/metrics');
    expect(own.status).toBe(200);
    expect(await own.text()).toMatch(/^sotto_audio_sessions 0$/m);
    for (const header of ['x-forwarded-for', 'x-real-ip', 'forwarded', 'via'])
      expect((await get('/metrics', { [header]: '203.0.113.9' })).status, header).toBe(404);
  });

  it('/openapi.json and /docs/api have every call of the contract', async () => {
    const document = (await (await get('/openapi.json')).json()) as { openapi: string; paths: object };
    expect(document.openapi).toBe('3.1.0');
    const operations = Object.values(document.paths).flatMap(path => Object.values(path as object));
    expect(operations).toHaveLength(Object.keys(calls).length);
    const page = await (await get('/docs/api')).text();
    for (const key of Object.keys(calls)) expect(page).toContain(`<code>${key}</code>`);
    expect((await get('/docs/api.css')).headers.get('content-type')).toContain('text/css');
  });
});

/** KiB that the first load may take, as gzip sends it. */
const BUDGET = { js: 130, css: 20 };

describe('what a browser loads first', () => {
  it.each(Object.entries(BUDGET))('its %s stays within %d KiB', async (ending, budget) => {
    const html = await (await get('/')).text();
    const named = [...html.matchAll(/(?:src|href)="(\/[^"]+\.(js|css))"/g)];
    const files = named.filter(([, , kind]) => kind === ending).map(([, path]) => path ?? '');
    expect(files).not.toHaveLength(0);
    const bodies = await Promise.all(files.map(async path => (await get(path)).arrayBuffer()));
    const bytes = bodies.reduce((sum, body) => sum + gzipSync(new Uint8Array(body)).length, 0);
    expect(bytes).toBeGreaterThan(1024);
    expect(bytes / 1024, files.join(' ')).toBeLessThanOrEqual(budget);
  });
});
