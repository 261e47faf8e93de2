import type { Browser, CDPSession } from 'playwright-core';
import { categories, type TraceEvent } from './trace.ts';

/** What Chromium traces while `work` is done. */
export async function traced(browser: Browser, work: () => Promise<void>): Promise<TraceEvent[]> {
  const tracer = await browser.newBrowserCDPSession();
  try {
    await tracer.send('Tracing.start', {
      transferMode: 'ReturnAsStream',
      traceConfig: { recordMode: 'recordAsMuchAsPossible', includedCategories: categories },
    });
    await work();
    const complete = new Promise<string>(resolve =>
      tracer.once('Tracing.tracingComplete', ({ stream }) => resolve(stream ?? '')),
    );
    await tracer.send('Tracing.end');
    return await readTrace(tracer, await complete);
  } finally {
    await tracer.detach();
  }
}

async function readTrace(tracer: CDPSession, handle: string): Promise<TraceEvent[]> {
  const texts: string[] = [];
  for (;;) {
    const { data, eof, base64Encoded } = await tracer.send('IO.read', { handle, size: 8 * 2 ** 20 });
    texts.push(base64Encoded ? Buffer.from(data, 'base64').toString() : data);
    if (eof) break;
  }
  await tracer.send('IO.close', { handle });
  return (JSON.parse(texts.join('')) as { traceEvents: TraceEvent[] }).traceEvents;
}
