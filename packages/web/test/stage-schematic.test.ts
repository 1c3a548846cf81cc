// Schematic: each hop is drawn no shorter than the stretch, from its true send time, and the page says by how much.

import type { EventOf } from '@crows-nest/protocol';
import { describe, expect, test } from 'vitest';
import { hit } from '../src/stage/hit.ts';
import { type Scene, type StageView, scene } from '../src/stage/scene.ts';
import { instantly } from './stage-instant.ts';
import { type Plan, VIEW } from './stage-world.ts';

const STRETCH_US = 300_000;
const SCHEMATIC: StageView = { ...VIEW, stretchUs: STRETCH_US };
const CALM: Plan = { workers: 3, clients: 1, everyMs: 1500, workMs: 300, seconds: 8 };

const { events, log } = instantly(CALM);
const sent = events.filter((e): e is EventOf<'message.entered'> => e.type === 'message.entered' && e.t > 2e6);
const requests = sent.filter(({ kind, link }) => kind === 'REQUEST' && link === 'client-1');

const noteOf = (made: Scene): string =>
  made.notes.texts.map(({ runs }) => runs.map((run) => run.text).join('')).join(' ');
const placeOf = (made: Scene, msg: number) => [...made.messages, ...made.pile].find((mark) => mark.msg === msg);

describe('schematic', () => {
  test('a message that has long arrived is still on its way in the picture', () => {
    const [request] = requests;
    if (!request) throw new Error('no request');
    expect(log.fate(request.msg)?.endAt).toBeLessThan(request.t + 5000);
    const xs = [0.1, 0.5, 0.9].map(
      (share) => placeOf(scene(log, request.t + share * STRETCH_US, SCHEMATIC), request.msg)?.x,
    );
    expect(xs).not.toContain(undefined);
    expect(xs).toEqual([...xs].sort((a, b) => (a ?? 0) - (b ?? 0)));
    expect(new Set(xs).size).toBe(3);
    // To scale it is gone from its link at once.
    const plain = scene(log, request.t + 0.5 * STRETCH_US, VIEW);
    expect(plain.messages.some(({ msg }) => msg === request.msg)).toBe(false);
  });

  test('rings when it arrives in the picture, and then it has gone', () => {
    const [request] = requests;
    if (!request) throw new Error('no request');
    const at = (us: number): Scene => scene(log, request.t + us, SCHEMATIC);
    const blue = (made: Scene) => made.rings.filter(({ token }) => token === 'request').length;
    expect(blue(at(STRETCH_US - 20_000))).toBe(0);
    expect(blue(at(STRETCH_US + 20_000))).toBeGreaterThan(0);
    expect(at(STRETCH_US + 600_000).messages.some(({ msg }) => msg === request.msg)).toBe(false);
  });

  test('counts what it draws', () => {
    for (let t = 2e6; t < 7e6; t += 70_000) {
      const { counts } = scene(log, t, SCHEMATIC);
      expect(counts.singles + counts.beaded + counts.hidden).toBe(counts.onLinks);
    }
  });

  test('always says which mode it is, in both languages', () => {
    const t = (requests[0]?.t ?? 0) + 100_000;
    expect(noteOf(scene(log, t, VIEW))).toContain('to scale');
    expect(noteOf(scene(log, t, SCHEMATIC))).toMatch(/schematic: .*300 ms/);
    expect(noteOf(scene(log, t, { ...SCHEMATIC, locale: 'zh' }))).toMatch(/示意：.*300 毫秒/);
    const sizes = [
      [390, 520],
      [560, 420],
      [700, 420],
      [1024, 500],
      [1280, 615],
      [1920, 935],
    ] as const;
    for (const [width, height] of sizes) {
      for (const view of [SCHEMATIC, VIEW]) {
        expect(noteOf(scene(log, t, { ...view, width, height }))).toMatch(
          view.stretchUs === null ? /to scale/ : /schematic/,
        );
      }
      expect(noteOf(scene(log, t, { ...SCHEMATIC, width, height, presentation: true }))).toMatch(/schematic/);
    }
  });

  test('prints the factor of the hops in view', () => {
    const real = instantly({ ...CALM, seconds: 4 }, { delayMs: 3, jitterMs: 0 });
    const beat = real.events.find((e) => e.type === 'message.entered' && e.t > 2e6);
    expect(noteOf(scene(real.log, (beat?.t ?? 0) + 1000, SCHEMATIC))).toContain(
      'a hop of 3.0 ms is drawn as 300 ms, ×100',
    );
  });

  test('a loss falls where and when the picture brings it to its gate', () => {
    const fault = { id: 'f1', kind: 'drop', selector: { kind: 'HEARTBEAT', direction: 'toQueue' }, seed: 1 } as const;
    const lossy = instantly({ ...CALM, clients: 0, steps: [[3, { type: 'fault.apply', link: 'worker-1', fault }]] });
    const dropped = lossy.events.find((e) => e.type === 'message.dropped');
    if (dropped?.type !== 'message.dropped') throw new Error('nothing was dropped');
    const before = scene(lossy.log, dropped.t + 50_000, SCHEMATIC);
    expect(placeOf(before, dropped.msg)).toBeDefined();
    expect(before.losses).toEqual([]);
    const after = scene(lossy.log, dropped.t + 150_000, SCHEMATIC);
    expect(placeOf(after, dropped.msg)).toBeUndefined();
    expect(after.losses).toHaveLength(1);
  });

  test('slow: a chosen message bears the true time of its hop', () => {
    const real = instantly({ ...CALM, seconds: 4 }, { delayMs: 3, jitterMs: 0 });
    const first = real.events.find((e) => e.type === 'message.entered' && e.kind === 'REQUEST' && e.t > 1.2e6);
    if (first?.type !== 'message.entered') throw new Error('no request');
    const view: StageView = { ...SCHEMATIC, slow: true, selection: { type: 'message', msg: first.msg } };
    const said = scene(real.log, first.t + 100_000, view).texts.flatMap(({ runs }) => runs.map((run) => run.text));
    expect(said).toContain('3.0 ms');
    const fast = scene(real.log, first.t + 100_000, { ...view, slow: false }).texts;
    expect(fast.flatMap(({ runs }) => runs.map((run) => run.text))).not.toContain('3.0 ms');
  });
});

describe('a chosen message', () => {
  test('lights its whole journey: hops, links, client, worker, the row of the queue', () => {
    const { log: slow, events: facts } = instantly({ ...CALM, workMs: 900 }, { delayMs: 250, jitterMs: 0 });
    const dispatched = facts.find((e) => e.type === 'request.dispatched' && e.t > 2e6);
    if (dispatched?.type !== 'request.dispatched') throw new Error('nothing was dispatched');
    const first = slow.journey(dispatched.journey ?? -1)[0];
    const view: StageView = { ...VIEW, selection: { type: 'message', msg: first?.msg ?? -1 } };
    const made = scene(slow, dispatched.t + 100_000, view);
    const worker = dispatched.workerPeer ?? '';
    const chosen = (marks: readonly { marked: unknown }[]) => marks.filter(({ marked }) => marked === 'chosen');
    expect(chosen(made.messages)).toHaveLength(1);
    expect(chosen(made.clients)).toHaveLength(1);
    expect(chosen(made.workers)).toMatchObject([{ peer: worker }]);
    expect(new Set(made.links.filter(({ marked }) => marked).map(({ link }) => link))).toEqual(
      new Set(['client-1', worker]),
    );
    expect(chosen(made.queue?.discs ?? [])).toHaveLength(1);
    const byFact = scene(slow, dispatched.t + 100_000, { ...VIEW, selection: { type: 'event', seq: dispatched.seq } });
    expect(byFact.workers.map(({ marked }) => marked)).toEqual(made.workers.map(({ marked }) => marked));
  });
});

describe('under the pointer', () => {
  test('is what is drawn there, messages first', () => {
    for (let t = 2e6; t < 6e6; t += 310_000) {
      const made = scene(log, t, SCHEMATIC);
      for (const mark of made.messages) expect(hit(made, mark.x, mark.y)?.type).toBe('message');
      const { queue } = made;
      if (queue) expect(hit(made, queue.x + 20, queue.y + queue.height - 5)).toEqual({ type: 'peer', peer: 'queue' });
      const part = made.links[0]?.parts[0]?.points ?? [];
      const middle = Math.floor(part.length / 4) * 2;
      expect(['link', 'message']).toContain(hit(made, part[middle] ?? 0, part[middle + 1] ?? 0)?.type);
      expect(hit(made, 3, 3)).toBeNull();
    }
  });

  test('goes by CSS pixels when text is larger', () => {
    const made = scene(log, 3e6, { ...SCHEMATIC, textScale: 1.4 });
    expect(made.zoom).toBe(1.4);
    const [worker] = made.workers;
    expect(hit(made, (worker?.x ?? 0) * 1.4, (worker?.y ?? 0) * 1.4)).toEqual({ type: 'peer', peer: worker?.peer });
  });
});
