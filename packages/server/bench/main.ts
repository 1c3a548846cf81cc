// npm run bench: speed as CPU per unit of work and as ratios within one run, since seconds on a shared machine lie.

import { openChromium } from './chromium.ts';
import { logMemory } from './log-memory.ts';
import { packing } from './packing.ts';
import { pageLoad } from './page-load.ts';
import { queueOverhead } from './queue-overhead.ts';

/** Named on the command line, or all. */
const asked = process.argv.slice(2);
const isAsked = (name: string): boolean => asked.length === 0 || asked.includes(name);
const say = (lines: readonly string[]): void => {
  for (const line of lines) console.log(line);
};

if (isAsked('queue')) say(await queueOverhead());
if (isAsked('stream')) say(packing());
if (isAsked('log') || isAsked('page')) {
  const browser = await openChromium();
  if (!browser) say(['no Chromium here: the page and the log in it are not measured']);
  else {
    if (isAsked('log')) say(await logMemory(browser));
    if (isAsked('page')) await pageLoad(browser, console.log);
    await browser.close();
  }
}
process.exit(0);
