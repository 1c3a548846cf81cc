// Who may knock at all [S2]: Host and Origin against exact lists, before anything else of a request is looked at.
// socket.io's `cors` option does not protect its WebSocket transport, so the same check stands in front of everything.

import type { IncomingMessage } from 'node:http';
import { networkInterfaces } from 'node:os';

export interface Refusal {
  readonly status: 400 | 403 | 404 | 405 | 421 | 429 | 503;
  readonly message: string;
}

export interface Door {
  /** `host:port`, exactly as a Host header may say it. */
  readonly hosts: ReadonlySet<string>;
  /** Why this request is not let in, or undefined when it is. */
  refusal(request: IncomingMessage): Refusal | undefined;
}

export const SOCKET_PATH = '/socket.io/';
const QUERY_KEYS = new Set(['EIO', 'transport', 't']);

export function openDoor(port: number, addresses: readonly string[]): Door {
  const names = ['127.0.0.1', 'localhost', '[::1]', ...addresses];
  const hosts = new Set(names.map((name) => `${name}:${port}`));
  // A browser leaves the scheme's own port out.
  if (port === 80) for (const name of names) hosts.add(name);
  const origins = new Set([...hosts].map((host) => `http://${host}`));
  return {
    hosts,
    refusal(request) {
      // Counted in the raw headers, because Node quietly keeps the first of two.
      const [host, ...moreHosts] = rawValues(request, 'host');
      const [origin, ...moreOrigins] = rawValues(request, 'origin');
      if (host === undefined || moreHosts.length > 0 || !hosts.has(host)) {
        return { status: 421, message: 'This server does not answer to that host name.' };
      }
      if (moreOrigins.length > 0 || (origin !== undefined && !origins.has(origin))) {
        return { status: 403, message: 'This origin is not let in.' };
      }
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        return { status: 405, message: 'Only GET and HEAD.' };
      }
      // The absolute form names a second host, and no browser sends it to a server.
      if (!request.url?.startsWith('/')) return { status: 400, message: 'Bad request.' };
      return undefined;
    },
  };
}

/** Why this upgrade is none for socket.io over WebSocket. No token can be in a query: there is no place for one [S3]. */
export function upgradeRefusal(request: IncomingMessage): Refusal | undefined {
  const [path, query = ''] = (request.url ?? '').split('?', 2);
  if (path !== SOCKET_PATH) return { status: 404, message: 'Nothing to upgrade here.' };
  const asked = new URLSearchParams(query);
  const known = [...asked.keys()].every((key) => QUERY_KEYS.has(key)) && asked.getAll('EIO').length === 1;
  const transports = asked.getAll('transport');
  if (!known || asked.get('EIO') !== '4' || transports.length !== 1 || transports[0] !== 'websocket') {
    return { status: 400, message: 'Bad request.' };
  }
  return undefined;
}

export const namesOrigin = (request: IncomingMessage): boolean => rawValues(request, 'origin').length > 0;

/** From the socket itself: no header is believed about where a request comes from. */
export const addressOf = (request: IncomingMessage): string => request.socket.remoteAddress ?? 'gone';

export const isLoopback = (address: string): boolean =>
  address === '::1' || /^(::ffff:)?127\.\d+\.\d+\.\d+$/.test(address);

/** This machine's IPv4 addresses on real networks, the likeliest for a room's Wi-Fi first. */
export function lanAddresses(): string[] {
  const found: { address: string; rank: number }[] = [];
  for (const [name, entries] of Object.entries(networkInterfaces())) {
    for (const { address, family, internal } of entries ?? []) {
      if (family !== 'IPv4' || internal || address.startsWith('169.254.')) continue;
      const virtual = /^(docker|br-|veth|virbr|vmnet|vboxnet|tun|tap|wg|utun|zt)/.test(name);
      const home = /^(192\.168\.|10\.|172\.(1[6-9]|2\d|3[01])\.)/.test(address);
      found.push({ address, rank: (virtual ? 2 : 0) + (home ? 0 : 1) });
    }
  }
  return found.sort((a, b) => a.rank - b.rank).map(({ address }) => address);
}

function rawValues({ rawHeaders }: IncomingMessage, name: string): string[] {
  const values: string[] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    if (rawHeaders[i]?.toLowerCase() === name) values.push(rawHeaders[i + 1] ?? '');
  }
  return values;
}
