// The built page, read into memory once: a request is looked up in a map and never becomes a path, so there is nothing to traverse,
// and neither a range nor a file that vanishes can end the process.

import { type Dirent, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';

export interface PageFile {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Page {
  /** By the path of a URL, the query cut off. A path without an extension is the page itself: it has only one. */
  find(path: string): PageFile | undefined;
}

/** There is no built page in this folder. */
export class PageMissing extends Error {
  override readonly name = 'PageMissing';
  readonly code = 'page-missing';
  readonly pageDir: string;
  constructor(pageDir: string) {
    super(`There is no built page in ${pageDir}: run the build first.`);
    this.pageDir = pageDir;
  }
}

const MOST_BYTES = 64 * 1024 * 1024;

const CONTENT: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

export function readPage(pageDir: string): Page {
  const files = new Map<string, PageFile>();
  try {
    readFolder(pageDir, '/', files, { bytes: 0 });
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) {
      throw new PageMissing(pageDir);
    }
    throw error;
  }
  const index = files.get('/index.html');
  if (!index) throw new PageMissing(pageDir);
  return {
    find: (path) => files.get(path) ?? (/^[\w/-]*$/.test(path) ? index : undefined),
  };
}

function readFolder(folder: string, path: string, into: Map<string, PageFile>, total: { bytes: number }): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name.startsWith('.')) continue;
    const file = join(folder, entry.name);
    if (entry.isDirectory()) readFolder(file, `${path}${entry.name}/`, into, total);
    // A link is neither file nor folder here, so none leads out of the page.
    else if (isPlain(entry)) {
      const body = readFileSync(file);
      total.bytes += body.length;
      if (total.bytes > MOST_BYTES) throw new Error(`${folder} is more than a page: over ${MOST_BYTES} bytes.`);
      into.set(`${path}${entry.name}`, { body, headers: headersOf(`${path}${entry.name}`, body) });
    }
  }
}

const isPlain = (entry: Dirent): boolean => entry.isFile() && !entry.name.endsWith('.map');

function headersOf(path: string, body: Buffer): Record<string, string> {
  return {
    'Content-Type': CONTENT[extname(path)] ?? 'application/octet-stream',
    'Content-Length': String(body.length),
    // Only what carries a hash of its content in its name may be kept by a browser.
    'Cache-Control': /^\/assets\/.+-[\w-]{8,}\.\w+$/.test(path) ? 'public, max-age=31536000, immutable' : 'no-store',
  };
}
