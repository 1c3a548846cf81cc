// What a first visit loads before anything can be seen: the page, its scripts and its styles, gzipped. Fonts come after, and swap in.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { root } from './build.js';

/** Bytes, gzipped. */
export const MAX_FIRST_LOAD = 130_000;

/** Each file of the first load with its gzipped size in bytes. */
export function firstLoad() {
  const dist = join(root, 'packages/web/dist');
  const page = readFileSync(join(dist, 'index.html'), 'utf8');
  const assets = [...page.matchAll(/(?:src|href)="\/?(assets\/[^"]+\.(?:js|css))"/g)].map(([, path]) => path);
  return ['index.html', ...assets].map((path) => ({ path, bytes: gzipSync(readFileSync(join(dist, path))).length }));
}
