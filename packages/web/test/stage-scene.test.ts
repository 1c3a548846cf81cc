import { copyState, type EventType, emptyState, fold, type Kind, type TraceEvent } from '@crows-nest/protocol';
import { describe, expect, test } from 'vitest';
import type { Fate, Log } from '../src/model/log.ts';
import { type Scene, scene } from '../src/stage/scene.ts';
import { readAloud } from '../src/stage/targets.ts';
import { eventsOf, logOf, TROUBLE, VIEW } from './stage-world.ts';

const events = eventsOf(TROUBLE);
const log = logOf(events, TROUBLE.seconds);
const times = Array.from({ length: 90 }, (_, i) => Math.round(((i + 0.37) / 90) * TROUBLE.seconds * 1e6));
/** Deterministic disorder. */
const shuffled = [...times].sort((a, b) => ((a * 7919) % 104_729) - ((b * 7919) % 104_729));

/** The plainest log there can be: folds from the start, every time. */
class PlainLog implements Log {
  readonly startAt = 0;
  readonly endAt = TROUBLE.seconds * 1e6;
  stateAt = (t: number) =>
    fold(
      events.filter((e) => e.t <= t),
      copyState(emptyState()),
    );
  between = (from: number, to: number, types?: readonly EventType[]): readonly TraceEvent[] =>
    events.filter((e) => e.t > from && e.t <= to && (types?.includes(e.type) ?? true));
  count = (from: number, to: number, types?: readonly EventType[]) => this.between(from, to, types).length;
  event = (seq: number) => events.find((e) => e.seq === seq);
  timeAfter = (t: number, types?: readonly EventType[]) => this.between(t, this.endAt, types)[0]?.t ?? null;
  timeBefore = (t: number, types?: readonly EventType[]) => this.between(-1, t - 1, types).at(-1)?.t ?? null;
  journey = (journey: number) => log.journey(journey);
  entered = (msg: number) =>
    events.find((e) => e.type === 'message.entered' && e.msg === msg) as ReturnType<Log['entered']>;
  fate = (msg: number): Fate | undefined => log.fate(msg);
}

describe('the scene', () => {
  test('[V1] is the same at t whatever was looked at before', () => {
    const forwards = new Map(times.map((t) => [t, scene(log, t, VIEW)]));
    for (const t of shuffled) expect(scene(log, t, VIEW)).toEqual(forwards.get(t));
    const fresh = logOf(events, TROUBLE.seconds);
    for (const t of shuffled.slice(0, 20)) expect(scene(fresh, t, VIEW)).toEqual(forwards.get(t));
  });

  test('[V1] needs nothing of the log but the facts up to t and the ends of flights', () => {
    const plain = new PlainLog();
    for (const t of shuffled.slice(0, 12)) expect(scene(plain, t, VIEW)).toEqual(scene(log, t, VIEW));
  });

  test('[V1] leaves the log and the view alone', () => {
    const view = Object.freeze({ ...VIEW });
    const before = JSON.stringify(log.stateAt(times[40] ?? 0));
    scene(log, times[40] ?? 0, view);
    expect(JSON.stringify(log.stateAt(times[40] ?? 0))).toBe(before);
  });

  test('[V1] of an empty log is an empty stage', () => {
    const made = scene(logOf([], 0), 0, VIEW);
    expect(made).toMatchObject({ workers: [], clients: [], queue: null, messages: [] });
    const said = readAloud(logOf([], 0), 0, VIEW, made);
    expect(said.targets).toEqual([]);
    expect(said.summary).toMatch(/^0 workers and 0 clients/);
  });

  test('is plain data', () => {
    for (const t of times.slice(30, 50)) {
      const made = scene(log, t, VIEW);
      expect(JSON.parse(JSON.stringify(made))).toEqual(made);
    }
  });

  test('has no number that is not one', () => {
    for (const t of times) {
      for (const [width, height] of [
        [1516, 584],
        [700, 420],
      ] as const) {
        const text = JSON.stringify(scene(log, t, { ...VIEW, width, height }));
        // NaN and the infinities become null in JSON, which no geometry of a scene may be.
        expect(text).not.toMatch(/"(x|y|r|width|height|alpha|angle|scale)":null/);
      }
    }
  });

  test('moves without jumps: what is drawn of a flight goes on from frame to frame', () => {
    const places = new Map<number, { x: number; y: number }>();
    for (let t = 2e6; t < 3e6; t += 16_667) {
      const made = scene(log, t, VIEW);
      for (const { msg, x, y } of made.messages) {
        const before = places.get(msg);
        if (before) expect(Math.hypot(x - before.x, y - before.y)).toBeLessThan(60);
        places.set(msg, { x, y });
      }
    }
    expect(places.size).toBeGreaterThan(20);
  });

  test('glides when somebody joins', () => {
    const joined = events.find((e) => e.type === 'peer.joined' && e.peer === 'worker-7')?.t ?? 0;
    const yAt = (t: number): number => scene(log, t, VIEW).workers.find(({ peer }) => peer === 'worker-1')?.y ?? 0;
    const lastY = (t: number): number => scene(log, t, VIEW).workers[5]?.y ?? 0;
    let before = yAt(joined - 1);
    const start = before;
    for (let t = joined; t < joined + 500_000; t += 10_000) {
      const now = yAt(t);
      expect(Math.abs(now - before)).toBeLessThan(8);
      before = now;
    }
    expect(Math.abs(lastY(joined + 500_000) - lastY(joined - 1))).toBeGreaterThan(5);
    expect(scene(log, joined + 1000, { ...VIEW, reducedMotion: true }).workers[0]?.y).toBe(start);
  });
});

const inFlight = (made: Scene): number => made.counts.singles + made.counts.beaded + made.counts.hidden;

describe('aggregation', () => {
  const dense = eventsOf({ workers: 40, clients: 20, everyMs: 0, workMs: 0, seconds: 4 });
  const denseLog = logOf(dense, 4);

  test('[V7] never drops a message', () => {
    for (let t = 1e6; t < 4e6; t += 50_000) {
      for (const showBeats of [true, false]) {
        const made = scene(denseLog, t, { ...VIEW, showBeats });
        const onLinks = Object.values(denseLog.stateAt(t).messages).filter(({ leftAt }) => leftAt === null).length;
        expect(inFlight(made)).toBe(onLinks);
        expect(made.counts.onLinks).toBe(onLinks);
        expect(made.beads.reduce((sum, { count }) => sum + count, 0)).toBe(made.counts.beaded);
        expect(made.beads).toHaveLength(made.counts.beads);
      }
    }
  });

  test('makes beads of what would stand too close, of one kind each', () => {
    const shuttle = new Set<Kind>();
    let beads = 0;
    for (let t = 1e6; t < 4e6; t += 20_000) {
      for (const bead of scene(denseLog, t, VIEW).beads) {
        beads++;
        expect(bead.count).toBeGreaterThan(1);
        shuttle.add(bead.kind);
      }
    }
    expect(beads).toBeGreaterThan(0);
  });
});

describe('the targets', () => {
  test('each says what it is, once, on the stage', () => {
    for (const locale of ['en', 'zh'] as const) {
      for (const t of times) {
        const view = { ...VIEW, locale };
        const made = readAloud(log, t, view, scene(log, t, view));
        const keys = made.targets.map(({ selection }) => JSON.stringify(selection));
        expect(new Set(keys).size).toBe(keys.length);
        for (const target of made.targets) {
          expect(target.label).toMatch(/[.。]$/);
          expect(target.label).not.toMatch(/undefined|NaN|null/);
          expect(target.width).toBeGreaterThanOrEqual(28);
          expect(target.height).toBeGreaterThanOrEqual(28);
        }
        expect(made.summary).toMatch(/[.。]$/);
        expect(made.targets.filter(({ selection }) => selection.type === 'peer')).toHaveLength(
          Object.keys(log.stateAt(t).peers).length,
        );
      }
    }
  });

  test('a frozen worker is described whole', () => {
    const calm = eventsOf({
      workers: 3,
      clients: 0,
      seconds: 9,
      steps: [[5.3, { type: 'process.pause', peer: 'worker-3' }]],
    });
    const calmLog = logOf(calm, 9);
    const made = scene(calmLog, 7.6e6, VIEW);
    const said = readAloud(calmLog, 7.6e6, VIEW, made);
    const label = said.targets.find(
      ({ selection }) => selection.type === 'peer' && selection.peer === 'worker-3',
    )?.label;
    expect(label).toMatch(/^worker 3, frozen for 2\.3 s\. The queue lists it at place \d, expires in \d\.\d s\./);
    expect(label).toContain('Its belief in the queue: 3 of 3. Belief and truth differ for 2.3 s.');
    expect(label).toContain('TCP answers, ZMTP does not answer, application does not answer.');
    expect(made.workers.find(({ peer }) => peer === 'worker-3')).toMatchObject({ truth: 'frozen', framed: false });
    expect(said.summary).toContain('belief and truth differ for worker 3');
  });
});

describe('belief against truth', () => {
  const calm = eventsOf({ workers: 5, clients: 2, everyMs: 1500, seconds: 9 });
  const calmLog = logOf(calm, 9);

  test('a calm picture has nothing red on it', () => {
    for (let t = 2e6; t < 9e6; t += 25_000) {
      const made = scene(calmLog, t, VIEW);
      expect(made.workers.every(({ halo, framed, arc }) => halo === 0 && !framed && !arc?.parted)).toBe(true);
      expect([...made.labels.plates, ...made.losses, ...made.gates]).toEqual([]);
    }
  });

  test('the halo grows with the time of disagreement and ends with it', () => {
    const frozen = eventsOf({
      workers: 2,
      clients: 0,
      seconds: 12,
      steps: [[5, { type: 'process.pause', peer: 'worker-1' }]],
    });
    const haloAt = (t: number): number => scene(logOf(frozen, 12), t, VIEW).workers[0]?.halo ?? -1;
    expect(haloAt(4.9e6)).toBe(0);
    expect(haloAt(5.1e6)).toBeCloseTo(0.12);
    expect(haloAt(6.3e6)).toBeCloseTo(0.5);
    expect(haloAt(7e6)).toBeCloseTo(2 / 2.6);
    expect(haloAt(9e6)).toBe(0);
  });
});

describe('reduced motion', () => {
  test('nothing moves along a link, falls or rings', () => {
    const view = { ...VIEW, reducedMotion: true };
    for (const t of times) {
      const made = scene(log, t, view);
      expect(made.messages.every(({ tail }) => tail === null)).toBe(true);
      expect(made.losses.every(({ cross, rotation }) => cross === 0 || (cross === 1 && rotation > 1))).toBe(true);
      expect(made.rings.every(({ token }) => token === 'text')).toBe(true);
    }
  });

  test('a message stands in the middle of its link while it flies', () => {
    const one = eventsOf({ workers: 1, clients: 1, everyMs: 3000, seconds: 4 });
    const oneLog = logOf(one, 4);
    const entered = one.find((e) => e.type === 'message.entered' && e.kind === 'REQUEST');
    const xs = [40_000, 120_000, 200_000].map((dt) => {
      const made = scene(oneLog, (entered?.t ?? 0) + dt, { ...VIEW, reducedMotion: true });
      return made.messages.find(({ kind }) => kind === 'REQUEST')?.x;
    });
    expect(new Set(xs).size).toBe(1);
  });
});
