import { startNetwork } from '@sotto/testkit';
import { expect, it } from 'vitest';
it('time', async () => {
  await using network = await startNetwork();
  const a = await network.person('Ana B');
  const b = await network.person('Ben C');
  const c = await a.sotto.conversations.openDirect(b.id);
  for (let i = 0; i < 20; i++) {
    const t = performance.now();
    await a.call('POST /v1/conversations/:conversation/messages', { params: { conversation: c.id }, body: { clientId: crypto.randomUUID(), text: `x${i}` } });
    console.log('call', i, Math.round(performance.now() - t));
  }
  const s = a.sotto.conversations.get(c.id); s.open();
  const t = performance.now();
  for (let i = 0; i < 20; i++) s.send(`y${i}`);
  await expect.poll(() => a.sotto.outbox.items.getSnapshot().length, { timeout: 20000, interval: 5 }).toBe(0);
  console.log('outbox 20 in', Math.round(performance.now() - t));
}, 60000);
