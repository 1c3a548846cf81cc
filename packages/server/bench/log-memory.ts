// What a long trace takes in a browser, by its own account and by the browser's, and what a seek in it costs.

import type { Filled, Sought } from '../../web/bench/log-in-browser.ts';
import { serveBenchPages } from './bench-pages.ts';
import { type Browser, type Cdp, openTab } from './chromium.ts';

const MB = 1e6;

async function heapBytes(cdp: Cdp): Promise<number> {
  await cdp.send('HeapProfiler.collectGarbage');
  const { usedSize, backingStorageSize } = await cdp.send('Runtime.getHeapUsage');
  return usedSize + backingStorageSize;
}

export async function logMemory(browser: Browser): Promise<string[]> {
  const { server, url } = await serveBenchPages();
  const lines: string[] = [];
  for (const [crowd, facts, name] of [
    ['demo', 1_000_000, '10 workers, 4 clients'],
    ['demo', 2_000_000, '10 workers, 4 clients'],
    ['crowd', 2_000_000, '60 workers, 8 clients'],
  ] as const) {
    const { tab, cdp } = await openTab(browser, url);
    await tab.waitForFunction('window.bench');
    const before = await heapBytes(cdp);
    const filled = await tab.evaluate<Filled>(`bench.fill('${crowd}', ${facts})`);
    const took = (await heapBytes(cdp)) - before;
    await tab.evaluate('bench.seek(3000)');
    const { p50, p99, most } = await tab.evaluate<Sought>('bench.seek(5000)');
    lines.push(
      `  ${name}, ${filled.held} facts held: ${(took / MB).toFixed(1)} MB (own account ${(filled.bytes / MB).toFixed(1)}), ` +
        `${(took / filled.held).toFixed(1)} bytes each; appended in ${filled.appendUs.toFixed(2)} µs each; ` +
        `seek p50 ${p50.toFixed(0)} µs, p99 ${p99.toFixed(0)} µs, most ${most.toFixed(0)} µs`,
    );
    await tab.close();
  }
  await new Promise((resolve) => server.close(resolve));
  return ['the log in Chromium (bars: 60 MB for 2 million facts; seek p99 1 ms in a million)', ...lines];
}
