// [S1] [S2] [S10]: what is bound, who is let in by name, and the headers of every kind of answer.

import { once } from 'node:events';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lanAddresses } from '../src/hub/door.ts';
import { openHub, PageMissing, PortTaken } from '../src/hub/hub.ts';
import {
  type Answered,
  buildPage,
  dial,
  entryOf,
  fetchRaw,
  makeFolder,
  open,
  presenterAuth,
  traceStage,
  upgradeHeaders,
  WS_PATH,
} from './hub-stage.ts';

/** The local addresses, in the kernel's spelling, that listen on this port, from the system itself. */
function listeners(port: number): string[] {
  const found: string[] = [];
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of readFileSync(table, 'utf8').split('\n').slice(1)) {
      const [, local = '', , state] = line.trim().split(/\s+/);
      const [address = '', portHex = ''] = local.split(':');
      if (state === '0A' && Number.parseInt(portHex, 16) === port) found.push(address);
    }
  }
  return found;
}

describe.runIf(process.platform === 'linux')('[S1] what listens', () => {
  it('[S1] by default only loopback is bound', async () => {
    const { hub } = await open();
    expect(listeners(hub.port)).toEqual(['0100007F']);
    expect(hub.viewUrl()).toBe(`http://127.0.0.1:${hub.port}/`);
  });

  it.runIf(lanAddresses().length > 0)(
    '[S1] --lan binds the one port on all addresses, and the view link names a real one',
    async () => {
      const { hub } = await open({ lan: true });
      expect(listeners(hub.port)).toEqual(['00000000']);
      expect(hub.viewUrl()).toMatch(new RegExp(`^http://\\d+\\.\\d+\\.\\d+\\.\\d+:${hub.port}/#view=[0-9a-f]{32}$`));
      expect(hub.viewUrl()).not.toContain('127.0.0.1');
    },
  );

  it('[S1] nothing is bound after close', async () => {
    const { hub } = await open();
    await hub.close();
    expect(listeners(hub.port)).toEqual([]);
  });
});

const HOSTILE_HOSTS = [
  'evil.example',
  'evil.example:PORT',
  '127.0.0.1',
  '127.0.0.1:1',
  'localhost.evil.example:PORT',
  '127.0.0.1.nip.io:PORT',
  'localhost.:PORT',
  'LOCALHOST:PORT',
  'user@127.0.0.1:PORT',
  '127.0.0.1:PORT@evil.example',
  '127.1:PORT',
  '2130706433:PORT',
  '0x7f000001:PORT',
  '0.0.0.0:PORT',
  '[::ffff:127.0.0.1]:PORT',
  '192.168.1.2:PORT',
  '127.0.0.1:PORT, evil.example',
  ' ',
];
const HOSTILE_ORIGINS = [
  'http://evil.example',
  'https://127.0.0.1:PORT',
  'http://127.0.0.1',
  'http://127.0.0.1:1',
  'http://localhost:PORT.evil.example',
  'http://localhost:PORT/',
  'http://127.0.0.1:PORT@evil.example',
  'http://127.0.0.1:PORT http://evil.example',
  'HTTP://127.0.0.1:PORT',
  'file://',
  'null',
  'chrome-extension://abcdef',
  'http://127.0.0.1.nip.io:PORT',
  '',
];
const KINDS = [
  ['GET', '/', {}],
  ['GET', '/assets/index-C0ffee12.js', {}],
  ['polling', '/socket.io/?EIO=4&transport=polling', {}],
  ['upgrade', WS_PATH, upgradeHeaders],
  ['upgrade elsewhere', '/other', upgradeHeaders],
] as const;

describe('[S2] the door', () => {
  it.each(KINDS)('[S2] %s: every hostile host is refused', async (_kind, path, headers) => {
    const { hub } = await open();
    for (const host of HOSTILE_HOSTS.map((text) => text.replace('PORT', String(hub.port)))) {
      const { status, body } = await fetchRaw(hub, path, { ...headers, Host: host });
      expect([host, status]).toEqual([host, 421]);
      expect(body).not.toMatch(/\bat\b.*:\d+/);
    }
  });

  it.each(KINDS)('[S2] %s: every hostile origin is refused, under a proper host', async (_kind, path, headers) => {
    const { hub } = await open();
    const host = `127.0.0.1:${hub.port}`;
    for (const origin of HOSTILE_ORIGINS.map((text) => text.replace('PORT', String(hub.port)))) {
      const { status } = await fetchRaw(hub, path, { ...headers, Host: host, Origin: origin });
      expect([origin, status]).toEqual([origin, 403]);
    }
  });

  it('[S2] every hostile host and origin together are refused for an upgrade', async () => {
    const { hub } = await open();
    const fill = (text: string) => text.replace('PORT', String(hub.port));
    for (const host of HOSTILE_HOSTS) {
      for (const origin of HOSTILE_ORIGINS) {
        const headers = { ...upgradeHeaders, Host: fill(host), Origin: fill(origin) };
        expect((await fetchRaw(hub, WS_PATH, headers)).status).toBe(421);
      }
    }
    expect(hub.tally.refused).toBe(HOSTILE_HOSTS.length * HOSTILE_ORIGINS.length);
  });

  it.each(['127.0.0.1', 'localhost', '[::1]'])('[S2] %s and its origin are let in', async (name) => {
    const { hub } = await open();
    const host = `${name}:${hub.port}`;
    expect((await fetchRaw(hub, '/', { Host: host })).status).toBe(200);
    expect((await fetchRaw(hub, '/', { Host: host, Origin: `http://${host}` })).status).toBe(200);
    const upgrade = await fetchRaw(hub, WS_PATH, { ...upgradeHeaders, Host: host, Origin: `http://${host}` });
    expect(upgrade.status).toBe(101);
  });

  it.runIf(lanAddresses().length > 0)('[S2] the LAN address is a proper host with --lan only', async () => {
    const { hub } = await open({ lan: true });
    const { host } = new URL(hub.viewUrl());
    expect((await fetchRaw(hub, '/', { Host: host })).status).toBe(200);
    const { hub: closed } = await open();
    const name = new URL(hub.viewUrl()).hostname;
    expect((await fetchRaw(closed, '/', { Host: `${name}:${closed.port}` })).status).toBe(421);
  });

  it.each([
    ['two hosts', 'GET / HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nHost: evil.example\r\n\r\n', 421],
    ['two proper hosts', 'GET / HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nhost: 127.0.0.1:PORT\r\n\r\n', 421],
    ['no host', 'GET / HTTP/1.1\r\n\r\n', 421],
    ['no host, HTTP/1.0', 'GET / HTTP/1.0\r\n\r\n', 421],
    [
      'two origins',
      'GET / HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nOrigin: http://127.0.0.1:PORT\r\nOrigin: null\r\n\r\n',
      403,
    ],
    ['absolute form', 'GET http://evil.example/ HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n\r\n', 400],
    ['not HTTP', '\x16\x03\x01\x02\x00\x01\r\n\r\n', 400],
    ['a strange expectation', 'GET / HTTP/1.1\r\nHost: evil.example\r\nExpect: all\r\n\r\n', 421],
  ])('[S2] %s: refused', async (_what, bytes, status) => {
    const { hub } = await open();
    const socket = await dial(hub);
    socket.write(bytes.replaceAll('PORT', String(hub.port)), 'latin1');
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString('latin1')).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer.toString('latin1')).toContain("default-src 'none'");
  });

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE'])('[S2] %s is not a method here', async (method) => {
    const { hub } = await open();
    for (const path of ['/', WS_PATH]) expect((await fetchRaw(hub, path, {}, method)).status).toBe(405);
  });

  it.each([
    '/socket.io/?EIO=4&transport=websocket&sid=abc',
    '/socket.io/?EIO=4&transport=websocket&launch=00',
    '/socket.io/?EIO=4&transport=websocket&token=00',
    '/socket.io/?EIO=3&transport=websocket',
    '/socket.io/?EIO=4&EIO=3&transport=websocket',
    '/socket.io/?EIO=4&transport=polling',
    '/socket.io/?EIO=4&transport=webtransport',
    '/socket.io/',
    '/socket.io/x?EIO=4&transport=websocket',
  ])('[S2] [S3] %s cannot be upgraded', async (path) => {
    const { hub } = await open();
    expect((await fetchRaw(hub, path, upgradeHeaders)).status).toBeGreaterThanOrEqual(400);
  });

  it('[S2] without an origin a token is needed, also on this machine', async () => {
    const { hub } = await open();
    expect(await entryOf(hub, { headers: {} })).toBe('needs-token');
    expect(await entryOf(hub, { headers: {}, auth: presenterAuth(hub) })).toBe('presenter');
  });
});

describe('the page', () => {
  it('[S10] every kind of answer bears the headers', async () => {
    const { hub } = await open();
    const host = `127.0.0.1:${hub.port}`;
    const kinds: Record<string, Promise<Answered>> = {
      index: fetchRaw(hub, '/'),
      asset: fetchRaw(hub, '/assets/index-C0ffee12.js'),
      head: fetchRaw(hub, '/', {}, 'HEAD'),
      missing: fetchRaw(hub, '/no.js'),
      method: fetchRaw(hub, '/', {}, 'POST'),
      host: fetchRaw(hub, '/', { Host: 'evil.example' }),
      origin: fetchRaw(hub, '/', { Origin: 'null' }),
      polling: fetchRaw(hub, '/socket.io/?EIO=4&transport=polling'),
      upgrade: fetchRaw(hub, WS_PATH, { ...upgradeHeaders, Origin: `http://${host}` }),
      refusedUpgrade: fetchRaw(hub, '/other', upgradeHeaders),
    };
    for (const [kind, answered] of Object.entries(kinds)) {
      const { headers } = await answered;
      expect(headers, kind).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'permissions-policy': expect.stringContaining('camera=()'),
      });
      const policy = String(headers['content-security-policy']);
      for (const rule of ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"]) {
        expect(policy.split('; '), kind).toContain(rule);
      }
      expect(policy, kind).not.toMatch(/unsafe|\*|evil/);
      expect(headers['access-control-allow-origin'], kind).toBeUndefined();
    }
    expect((await kinds.index)?.headers['content-security-policy']).toContain(`connect-src 'self' ws://${host};`);
  });

  it('[S10] hashed assets are kept, everything else is not', async () => {
    const { hub } = await open();
    const cache = async (path: string) => (await fetchRaw(hub, path)).headers['cache-control'];
    expect(await cache('/assets/index-C0ffee12.js')).toBe('public, max-age=31536000, immutable');
    expect(await cache('/')).toBe('no-store');
    expect(await cache('/some/place')).toBe('no-store');
    expect(await cache('/assets/plain.js')).toBe('no-store');
    expect(await cache('/missing.js')).toBe('no-store');
  });

  it('[S10] nothing outside of the page, hidden or linked is served', async () => {
    const pageDir = buildPage();
    const outside = makeFolder();
    writeFileSync(join(outside, 'secret.txt'), 'secret');
    symlinkSync(join(outside, 'secret.txt'), join(pageDir, 'link.txt'));
    symlinkSync(outside, join(pageDir, 'folder'));
    const { hub } = await open({ pageDir });
    const paths = [
      '/.env',
      '/link.txt',
      '/folder/secret.txt',
      '/../../../../etc/passwd',
      '/..%2f..%2f..%2fetc%2fpasswd',
      '/%2e%2e/%2e%2e/etc/passwd',
      '/assets/..\\..\\.env',
      '/assets/../.env',
      '//etc/passwd',
      '/__proto__',
      '/constructor',
      '/%00',
      '/%',
    ];
    for (const path of paths) {
      const { status, body } = await fetchRaw(hub, path);
      expect([path, [200, 404].includes(status), /secret|root:/.test(body)]).toEqual([path, true, false]);
    }
  });

  it.each(['bytes=50-2', 'bytes=-', 'bytes=9999999-', 'bytes=a-b', 'bytes=0-0,2-3'])(
    '[S4] Range: %s gets the whole file',
    async (range) => {
      const { hub } = await open();
      expect((await fetchRaw(hub, '/', { Range: range })).body).toContain('<title>page</title>');
    },
  );

  it('a taken port and a missing page are said in one line', async () => {
    const { hub } = await open();
    const again = openHub({ port: hub.port, lan: false, pageDir: buildPage(), stage: traceStage() });
    await expect(again).rejects.toThrow(PortTaken);
    const missing = openHub({ port: 0, lan: false, pageDir: '/nowhere/at/all', stage: traceStage() });
    await expect(missing).rejects.toThrow(PageMissing);
    const empty = openHub({ port: 0, lan: false, pageDir: makeFolder(), stage: traceStage() });
    await expect(empty).rejects.toThrow(PageMissing);
  });
});
