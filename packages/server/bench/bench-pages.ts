// Serves the pages that are measured beside the real one.

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { readPage } from '../src/hub/page.ts';

const PAGES = fileURLToPath(new URL('../bench-pages', import.meta.url));

export async function serveBenchPages(): Promise<{ server: Server; url: string }> {
  const pages = readPage(PAGES);
  const server = createServer((request, response) => {
    const file = pages.find(request.url ?? '/');
    response.writeHead(file ? 200 : 404, { 'Content-Type': file?.headers['Content-Type'] ?? 'text/plain' });
    response.end(file?.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
}
