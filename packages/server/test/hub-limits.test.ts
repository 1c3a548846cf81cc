// [S5] [S6]: floods, full houses, slow openings, and viewers that do not read.

import { once } from 'node:events';
import type { CommandAnswer } from '@crows-nest/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Hub } from '../src/hub/hub.ts';
import { openBucket, openBuckets } from '../src/hub/limits.ts';
import {
  closed,
  dial,
  dialWebSocket,
  entryOf,
  fetchRaw,
  follow,
  frame,
  joinByHand,
  knock,
  onALan,
  open,
  openToBoth,
  openToLan,
  presenterAuth,
  untilSame,
  untilSeq,
  upgradeHeaders,
  WS_PATH,
} from './hub-stage.ts';

describe('[S5] limits', () => {
  it('[S5] a bucket gives its burst, then its rate, and never more', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100 }),
        fc.integer({ min: 1, max: 100 }),
        fc.array(fc.nat(500), { maxLength: 200 }),
        (perSecond, burst, gaps) => {
          let now = 0;
          let taken = 0;
          const bucket = openBucket({ perSecond, burst }, () => now);
          for (const gap of gaps) {
            now += gap;
            if (bucket.take()) taken++;
            expect(taken).toBeLessThanOrEqual(burst + (now / 1000) * perSecond);
          }
        },
      ),
    );
  });

  it('[S5] buckets of many addresses stay few', () => {
    const bucketOf = openBuckets({ perSecond: 0, burst: 1 }, 4);
    expect(bucketOf('a').take()).toBe(true);
    expect(bucketOf('a').take()).toBe(false);
    for (const other of 'bcdef') bucketOf(other);
    expect(bucketOf('a').take()).toBe(true);
  });

  it('[S5] too many commands are answered `limited`, and the ones within the limit are carried out', async () => {
    const { hub, stage } = await open({ limits: { commands: { perSecond: 0.001, burst: 5 } } });
    const { client } = await follow(hub, { auth: presenterAuth(hub) });
    const asked = Array.from({ length: 9 }, () => client.emitWithAck('command', { type: 'heal.all' }, 'a'));
    const answers: CommandAnswer[] = await Promise.all(asked);
    expect(answers.filter(({ ok }) => ok)).toHaveLength(5);
    expect(answers.filter((answer) => !answer.ok && answer.code === 'limited')).toHaveLength(4);
    expect(stage.carried).toHaveLength(5);
  });

  it('[S5] a flood is told why and cut off, while the presenter is answered', async () => {
    const { hub, stage, presenter, viewer } = await openToBoth();
    const goodbye = new Promise((resolve) => viewer.client.once('goodbye', resolve));
    const ended = new Promise((resolve) => viewer.client.once('disconnect', resolve));
    for (let i = 0; i < 2000; i++) {
      viewer.client.emit('command', { type: 'process.kill', peer: 'queue' }, 'a', () => {});
    }
    expect(await presenter.client.emitWithAck('command', { type: 'heal.all' }, 'a')).toEqual({ ok: true });
    expect(await goodbye).toMatchObject({ code: 'limited' });
    expect(await ended).toBe('io server disconnect');
    expect(stage.carried).toEqual([{ type: 'heal.all' }]);
    expect(hub.tally.flooded).toBe(1);
  });

  it.each<[string, Buffer]>([
    ['commands', frame('42["command",{}]')],
    ['unknown events', frame('42["x"]')],
    ['engine pongs', frame('3')],
    ['WebSocket pings', frame('', 9)],
    ['WebSocket pongs', frame('', 10)],
    ['acknowledgements', frame('431[]')],
  ])('[S5] a flood of %s by hand is cut off within a moment', async (_what, packet) => {
    const { hub } = await open();
    const socket = await joinByHand(hub);
    const ended = closed(socket);
    socket.resume();
    for (let i = 0; i < 50; i++) socket.write(Buffer.concat(Array.from({ length: 100 }, () => packet)));
    await ended;
    expect(hub.tally.flooded).toBe(1);
  });

  it('[S5] a flooder that never takes its leave is cut all the same', async () => {
    const { hub } = await open();
    const socket = await joinByHand(hub);
    const ended = closed(socket);
    const pour = setInterval(() => socket.write(frame('42["x"]')), 1);
    await ended;
    clearInterval(pour);
    expect(hub.tally.flooded).toBe(1);
  });

  it('[S5] pages are counted: one too many is refused, and there is room again when one leaves', async () => {
    const { hub } = await open({ limits: { pages: 3 } });
    const first = await follow(hub);
    await follow(hub);
    await follow(hub);
    expect(await entryOf(hub)).toMatch(/^closed/);
    const status = await fetchRaw(hub, WS_PATH, { ...upgradeHeaders, Origin: `http://127.0.0.1:${hub.port}` });
    expect(status.status).toBe(503);
    first.client.disconnect();
    await untilRoom(hub);
  });

  it.runIf(onALan)('[S5] the LAN can fill neither the pages nor the connections that this machine needs', async () => {
    const limits = { pages: 4, sockets: 8, keptForThisMachine: 2, socketsAnAddress: 64 };
    const { hub, hostname } = await openToLan({ limits });
    const sockets = [];
    for (let i = 0; i < 8; i++) {
      const socket = await dial(hub, hostname);
      sockets.push(Promise.race([closed(socket).then(() => 'closed'), fetchOver(socket, hub.viewUrl())]));
    }
    const fates = await Promise.all(sockets);
    expect(fates.filter((fate) => fate === 'closed')).toHaveLength(2);
    expect(await entryOf(hub, { auth: presenterAuth(hub) })).toBe('presenter');
  });

  it.runIf(onALan)('[S5] one address of the LAN cannot take its whole share', async () => {
    const { hub, hostname } = await openToLan({ limits: { socketsAnAddress: 3 } });
    const fates = [];
    for (let i = 0; i < 5; i++) {
      const socket = await dial(hub, hostname);
      fates.push(Promise.race([closed(socket).then(() => 'closed'), fetchOver(socket, hub.viewUrl())]));
    }
    expect((await Promise.all(fates)).filter((fate) => fate === 'closed')).toHaveLength(2);
  });

  it.runIf(onALan)('[S5] wrong tokens are limited: from the LAN at the door, and never for the presenter', async () => {
    const { hub, hostname, host } = await openToLan({ limits: { failures: { perSecond: 0.001, burst: 3 } } });
    const auth = { view: '0'.repeat(32) };
    for (let i = 0; i < 3; i++) expect(await entryOf(hub, { host: hostname, auth })).toBe('bad-token');
    expect(await entryOf(hub, { host: hostname, auth })).toMatch(/^closed/);
    for (let i = 0; i < 3; i++) expect(await entryOf(hub, { auth })).toBe('bad-token');
    expect(await entryOf(hub, { auth })).toBe('limited');
    expect(await entryOf(hub, { auth: presenterAuth(hub) })).toBe('presenter');
    expect((await fetchRaw(hub, '/', { Host: host })).status).toBe(200);
  });

  it.each<[string, string]>([
    ['says nothing', ''],
    ['never ends its headers', 'GET / HTTP/1.1\r\nHost: x\r\n'],
    ['never ends its body', 'GET / HTTP/1.1\r\nHost: PROPER\r\nContent-Length: 9\r\n\r\n'],
  ])('[S5] a connection that %s is closed in time', async (_what, bytes) => {
    const { hub } = await open({ limits: { handshakeMs: 200, idleMs: 400 } });
    const socket = await dial(hub);
    socket.resume();
    const drip = setInterval(() => bytes.endsWith('x\r\n') && socket.write('a: b\r\n'), 50);
    socket.write(bytes.replace('PROPER', `127.0.0.1:${hub.port}`));
    await closed(socket);
    clearInterval(drip);
  });

  it('[S5] a WebSocket that never joins is closed in time', async () => {
    const { hub } = await open({ limits: { handshakeMs: 200 } });
    const socket = await dialWebSocket(hub);
    socket.resume();
    await closed(socket);
  });

  it('close ends every connection, also the stuck ones, and can be called twice', async () => {
    const { hub } = await open();
    const { client } = await follow(hub);
    const stuck = await joinByHand(hub);
    stuck.pause();
    const silent = await dial(hub);
    silent.resume();
    const ended = Promise.all([new Promise((resolve) => client.once('disconnect', resolve)), closed(silent)]);
    await Promise.all([hub.close(), hub.close()]);
    expect((await ended)[0]).toBe('transport close');
    await expect(fetchRaw(hub, '/')).rejects.toThrow('ECONNREFUSED');
  });
});

/** The hub learns of a leaving in its own time, and so this knocks until there is room. */
async function untilRoom(hub: Hub): Promise<void> {
  while ((await entryOf(hub)) !== 'viewer');
}

/** Sends a request for the page and answers 'served' once something comes back. */
async function fetchOver(socket: Awaited<ReturnType<typeof dial>>, url: string): Promise<string> {
  socket.write(`GET / HTTP/1.1\r\nHost: ${new URL(url).host}\r\n\r\n`);
  await once(socket, 'data');
  return 'served';
}

describe('[S6] viewers', () => {
  it('[S6] [T2] snapshot first, then consecutive facts, whenever a viewer comes', async () => {
    const { hub, stage } = await open({ limits: { snapshotGapMs: 3 } });
    const coming = [];
    for (let i = 0; i < 40; i++) {
      coming.push(follow(hub));
      stage.play(1 + (i % 4));
      await new Promise((resolve) => setImmediate(resolve));
    }
    const pour = setInterval(() => stage.play(3), 1);
    const viewers = await Promise.all(coming);
    clearInterval(pour);
    stage.play(1);
    for (const viewer of viewers) {
      await untilSeq(viewer, stage.state.seq);
      expect(viewer.breach).toBeUndefined();
      expect(viewer.state).toEqual(stage.state);
      expect(viewer.snapshots).toHaveLength(1);
    }
  });

  it('[S6] a stage that publishes while it is asked for a snapshot does not make a gap', async () => {
    const { hub, stage } = await open();
    const early = await follow(hub);
    const take = stage.snapshots;
    stage.snapshots = () => {
      stage.play(2);
      return take();
    };
    const late = await follow(hub);
    stage.play(1);
    for (const viewer of [early, late]) {
      await untilSeq(viewer, stage.state.seq);
      expect(viewer.breach).toBeUndefined();
      expect(viewer.state).toEqual(stage.state);
    }
  });

  it('[S6] two sides reach every page, each consecutive by itself', async () => {
    const { stage, presenter, viewer } = await openToBoth();
    stage.anew(true);
    for (let i = 0; i < 50; i++) {
      stage.play(1 + (i % 3), undefined, i % 2 === 0 ? 'a' : 'b');
      if (i % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    for (const page of [presenter, viewer]) {
      await untilSame(page, stage);
      expect(page.breach).toBeUndefined();
      expect(page.states).toEqual(stage.states);
      expect(page.snapshots).toHaveLength(2);
    }
    expect(presenter.recordings).toEqual(['/run-2.ndjson']);
    expect(viewer.recordings).toBeUndefined();
  });

  it('[S6] whenever another run begins, every page gets its snapshots, no batch of the last after them and none of the next before', async () => {
    const step = fc.oneof(
      { weight: 6, arbitrary: fc.record({ do: fc.constant('play' as const), facts: fc.nat(4), onB: fc.boolean() }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('anew' as const), isCompared: fc.boolean() }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('come' as const) }) },
      { weight: 3, arbitrary: fc.record({ do: fc.constant('turn' as const) }) },
    );
    await fc.assert(
      fc.asyncProperty(fc.nat(4), fc.array(step, { minLength: 10, maxLength: 80 }), async (snapshotGapMs, steps) => {
        const { hub, stage } = await open({ limits: { snapshotGapMs } });
        const coming = [follow(hub), follow(hub, { auth: presenterAuth(hub) })];
        const [early] = await Promise.all(coming);
        for (const its of steps) {
          if (its.do === 'play') stage.play(its.facts, undefined, its.onB && stage.states.b ? 'b' : 'a');
          else if (its.do === 'anew') stage.anew(its.isCompared);
          else if (its.do === 'come') coming.push(follow(hub));
          else await new Promise((resolve) => setImmediate(resolve));
        }
        const pages = await Promise.all(coming);
        stage.play(1);
        for (const page of pages) {
          await untilSame(page, stage);
          expect(page.breach).toBeUndefined();
          expect(page.states).toEqual(stage.states);
        }
        expect(early?.snapshots.length).toBeLessThanOrEqual(1 + steps.filter((its) => its.do === 'anew').length);
        for (const { client } of pages) client.disconnect();
        await hub.close();
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  it('[S6] a page that is far behind takes what it was sent before it gets the next run', async () => {
    const { hub, stage } = await open({ limits: { backlogBytes: 64 * 1024, snapshotGapMs: 0 } });
    const viewer = await follow(hub);
    const napping = await follow(hub);
    const nap = (napping.client.io.engine as unknown as { transport: { ws: { _socket: import('node:net').Socket } } })
      .transport.ws._socket;
    nap.pause();
    while (hub.tally.fellBehind === 0) {
      stage.play(100, 'x'.repeat(1000));
      await new Promise((resolve) => setImmediate(resolve));
    }
    for (let run = 0; run < 20; run++) {
      stage.anew(run % 2 === 0);
      stage.play(3);
      await new Promise((resolve) => setImmediate(resolve));
    }
    stage.play(1);
    await untilSame(viewer, stage);
    nap.resume();
    await untilSame(napping, stage);
    for (const page of [viewer, napping]) {
      expect(page.breach).toBeUndefined();
      expect(page.states).toEqual(stage.states);
    }
    // Of the runs that it slept through it was sent nothing.
    expect(napping.snapshots).toHaveLength(2);
  });

  it('[S6] nor does a run that begins pile up on a page that still takes the snapshots of the last', async () => {
    const { hub, stage } = await open({ limits: { backlogBytes: 16 * 1024, snapshotGapMs: 0 } });
    stage.play(9, 'x'.repeat(3_000_000));
    const socket = await joinByHand(hub);
    socket.pause();
    expect(hub.tally.fellBehind).toBe(0);
    for (let run = 0; run < 5; run++) stage.anew(false);
    expect(hub.tally.fellBehind).toBe(1);
  });

  it('[S6] those who come together share a snapshot', async () => {
    const { hub, stage } = await open({ limits: { snapshotGapMs: 150 } });
    let taken = 0;
    const take = stage.snapshots;
    stage.snapshots = () => {
      taken++;
      return take();
    };
    stage.play(100);
    await Promise.all(Array.from({ length: 30 }, () => follow(hub)));
    expect(taken).toBeLessThanOrEqual(4);
  });

  it('[S6] stalled viewers hold a bounded backlog, cost the others nothing, and come back by a snapshot', async () => {
    const { hub, stage } = await open({ limits: { backlogBytes: 64 * 1024, snapshotGapMs: 5 } });
    const presenter = await follow(hub, { auth: presenterAuth(hub) });
    const viewers = await Promise.all(Array.from({ length: 10 }, () => follow(hub)));
    const stalled = await Promise.all(Array.from({ length: 5 }, () => joinByHand(hub)));
    for (const socket of stalled) socket.pause();
    // One viewer whose page is busy for a while, and which must then be whole again.
    const napping = await follow(hub);
    const nap = (napping.client.io.engine as unknown as { transport: { ws: { _socket: import('node:net').Socket } } })
      .transport.ws._socket;
    nap.pause();

    const name = 'x'.repeat(1000);
    global.gc?.();
    const before = process.memoryUsage().rss;
    let slowest = 0;
    // About 60 MB a viewer, far more than any kernel's buffers; each round waits for the presenter, which must not wait for the stalled.
    for (let round = 0; round < 600; round++) {
      stage.play(100, name);
      if (round % 20 === 0) {
        const at = performance.now();
        expect(await presenter.client.emitWithAck('command', { type: 'heal.all' }, 'a')).toMatchObject({});
        slowest = Math.max(slowest, performance.now() - at);
      } else await new Promise((resolve) => setImmediate(resolve));
    }
    for (const viewer of [presenter, ...viewers]) {
      await untilSeq(viewer, stage.state.seq);
      expect(viewer.breach).toBeUndefined();
      expect(viewer.state).toEqual(stage.state);
    }
    const grown = process.memoryUsage().rss - before;
    expect(hub.tally.fellBehind).toBeGreaterThanOrEqual(6);
    expect(grown).toBeLessThan(200 * 1024 * 1024);
    // What was kept for a stalled viewer, the kernel's buffers included, is a fraction of the 60 MB that were played.
    const [kept] = stalled;
    let bytes = 0;
    let tail = '';
    const resynced = new Promise<void>((resolve) => {
      kept?.on('data', (data: Buffer) => {
        bytes += data.length;
        const seen = tail + data.toString('latin1');
        if (seen.includes('["snapshot"')) resolve();
        tail = seen.slice(-16);
      });
    });
    kept?.resume();
    await resynced;
    expect(bytes).toBeLessThan(12e6);

    nap.resume();
    while ((napping.state?.seq ?? -1) < stage.state.seq) {
      await new Promise<void>((resolve) => napping.client.once('snapshot', () => resolve()));
    }
    stage.play(3);
    await untilSeq(napping, stage.state.seq);
    expect(napping.snapshots.length).toBeGreaterThanOrEqual(2);
    expect(napping.breach).toBeUndefined();
    expect(napping.state).toEqual(stage.state);
  }, 30_000);

  it('[S6] a snapshot larger than the backlog may be does not count as falling behind', async () => {
    const { hub, stage } = await open({ limits: { backlogBytes: 16 * 1024 } });
    stage.play(9, 'x'.repeat(2_000_000));
    const coming = follow(hub);
    const pour = setInterval(() => stage.play(1), 1);
    const viewer = await coming;
    clearInterval(pour);
    stage.play(1);
    await untilSeq(viewer, stage.state.seq);
    expect(hub.tally.fellBehind).toBe(0);
    expect(viewer.snapshots).toHaveLength(1);
    expect(viewer.breach).toBeUndefined();
  });

  it('[S6] a viewer that takes nothing at all is let go, and its place is free', async () => {
    const { hub, stage } = await open({ limits: { pages: 2, backlogBytes: 16 * 1024, stalledMs: 200 } });
    (await joinByHand(hub)).pause();
    const viewer = await follow(hub);
    expect(await entryOf(hub)).toMatch(/^closed/);
    const pour = setInterval(() => stage.play(200, 'x'.repeat(1000)), 1);
    while (hub.tally.stalled === 0) await untilSeq(viewer, (viewer.state?.seq ?? 0) + 1);
    clearInterval(pour);
    await untilRoom(hub);
    expect(hub.tally.stalled).toBe(1);
    expect(viewer.breach).toBeUndefined();
  });

  it('[S5] [S6] a flooder that does not read what it is told is cut all the same', async () => {
    const { hub, stage } = await open({ limits: { pages: 1, backlogBytes: 16 * 1024 } });
    const socket = await joinByHand(hub);
    socket.pause();
    while (hub.tally.fellBehind === 0) {
      stage.play(200, 'x'.repeat(1000));
      await new Promise((resolve) => setImmediate(resolve));
    }
    socket.write(Buffer.concat(Array.from({ length: 300 }, () => frame('42["x"]'))));
    await untilRoom(hub);
    expect(hub.tally.flooded).toBe(1);
  });

  it('[S6] a viewer that left while it waited is forgotten', async () => {
    const { hub, stage } = await open({ limits: { snapshotGapMs: 50 } });
    await follow(hub);
    const gone = knock(hub);
    await new Promise<void>((resolve) => gone.once('welcome', () => resolve()));
    gone.disconnect();
    const { breach } = await follow(hub);
    stage.play(1);
    expect(breach).toBeUndefined();
  });
});
