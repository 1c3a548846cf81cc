// The law of the picture [V1]: what is drawn at t depends on the facts up to t, on the ends of flights already known, and on
// nothing else: not on what was looked at before, nor on how the facts came, nor on which pictures are kept.

import { RecordingReader, type TraceEvent, writeEvent, writeHeader } from '@crows-nest/protocol';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TraceLog } from '../src/model/log.ts';
import { forgetType, paint, type StageContext } from '../src/stage/paint.ts';
import { type StageView, scene } from '../src/stage/scene.ts';
import { eventsOf, logOf, type Plan, TROUBLE, VIEW } from './stage-world.ts';

const AHEAD_US = 400_000;
const SEED = 20_261_123;

/** Of everything that was asked of a context, in order: two of them tell pictures apart as well as a list would. */
class Hash {
  #a = 0x811c9dc5;
  #b = 0x1b873593;

  clear(): void {
    this.#a = 0x811c9dc5;
    this.#b = 0x1b873593;
  }

  add(text: string): void {
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      this.#a = Math.imul(this.#a ^ code, 0x01000193);
      this.#b = Math.imul(this.#b + code, 0x85ebca6b) ^ (this.#b >>> 13);
    }
  }

  toString(): string {
    return `${(this.#a >>> 0).toString(16)} ${(this.#b >>> 0).toString(16)}`;
  }
}

/** A canvas that knows what was drawn on it. What is drawn from another canvas counts as what that one has been drawn on with. */
class Plate {
  readonly hash = new Hash();
  readonly ctx: StageContext;

  readonly width: number;
  readonly height: number;

  constructor(width = 0, height = 0) {
    this.width = width;
    this.height = height;
    const { hash } = this;
    const spell = (value: unknown): string => (value instanceof Plate ? `[${value.hash}]` : JSON.stringify(value));
    const note = (name: string, args: unknown[]): void => hash.add(`${name}(${args.map(spell)})`);
    const gradient = { addColorStop: (...args: unknown[]) => note('addColorStop', args), setTransform: () => {} };
    const values: Record<string, unknown> = { globalAlpha: 1, letterSpacing: '0px' };
    this.ctx = new Proxy(values, {
      set(target, name, value) {
        target[String(name)] = value;
        note(String(name), [typeof value === 'object' ? 'object' : value]);
        return true;
      },
      get(target, name) {
        const key = String(name);
        if (key in target) return target[key];
        if (key === 'measureText') return (text: string) => ({ width: text.length * 7 });
        return (...args: unknown[]) => {
          note(key, args);
          return gradient;
        };
      },
    }) as unknown as StageContext;
  }

  getContext(): StageContext {
    return this.ctx;
  }

  transferToImageBitmap(): Plate {
    return this;
  }

  close(): void {}
}

/** Hash of the calls that draw the picture at t; `plate` keeps its layer from one picture to the next. */
function drawn(log: TraceLog, t: number, view: StageView, plate = new Plate()): string {
  plate.hash.clear();
  paint(plate.ctx, scene(log, t, view));
  return plate.hash.toString();
}

const MILD: Plan = {
  workers: 9,
  clients: 3,
  everyMs: 90,
  workMs: 200,
  seconds: 9,
  steps: [
    [3, { type: 'process.kill', peer: 'worker-2' }],
    [4, { type: 'peer.remove', peer: 'client-2' }],
    [5, { type: 'peer.remove', peer: 'worker-4' }],
    [5.2, { type: 'worker.add', peer: 'worker-20' }],
  ],
};
const RUNS = [TROUBLE, MILD].map((plan) => ({ plan, events: eventsOf(plan) }));

const VIEWS: readonly StageView[] = [
  VIEW,
  { ...VIEW, stretchUs: 300_000 },
  { ...VIEW, presentation: true, width: 1920, height: 935, locale: 'zh' },
  { ...VIEW, width: 420, height: 520, themeName: 'light', paused: true },
  { ...VIEW, stretchUs: 600_000, presentation: true, selection: { type: 'message', msg: 120 }, slow: true },
  { ...VIEW, reducedMotion: true, hover: { type: 'peer', peer: 'worker-1' }, dpr: 2, textScale: 1.3 },
];

const moment = fc.double({ min: 0.02, max: 1, noNaN: true });
const anyRun = fc.nat(RUNS.length - 1);
const anyView = fc.nat(VIEWS.length - 1);
const runAt = (i: number) => RUNS[i] as (typeof RUNS)[number];
const viewAt = (i: number) => VIEWS[i] as StageView;
const timeIn = ({ seconds }: Plan, share: number): number => Math.round(share * (seconds * 1e6 - AHEAD_US));

/** Cuts the facts into batches: each begins where a cut falls. */
function batches(events: readonly TraceEvent[], cuts: readonly number[]): TraceEvent[][] {
  const places = [...new Set(cuts.map((cut) => Math.floor(cut * events.length)))].sort((a, b) => a - b);
  return [0, ...places].map((from, i) => events.slice(from, places[i] ?? events.length));
}

function fromText(events: readonly TraceEvent[], pieces: readonly number[]): TraceLog {
  const text = writeHeader('2026-01-01T00:00:00.000Z') + events.map(writeEvent).join('');
  const reader = new RecordingReader();
  const log = new TraceLog();
  let from = 0;
  for (const piece of [...pieces, 1]) {
    const to = Math.max(from, Math.floor(piece * text.length));
    const read = reader.read(text.slice(from, to));
    log.append(read, read.at(-1)?.t ?? 0);
    from = to;
  }
  log.append(reader.end(), 0);
  expect(reader.bad).toEqual([]);
  return log;
}

describe('[V1] the law of the picture', { timeout: 60_000 }, () => {
  beforeEach(() => {
    Object.assign(globalThis, { OffscreenCanvas: Plate });
    forgetType();
  });
  afterEach(() => {
    Reflect.deleteProperty(globalThis, 'OffscreenCanvas');
  });

  const options = { seed: SEED, numRuns: 30 };

  test(`[V8] after any seeks the same calls as from a fresh load (seed ${SEED})`, () => {
    const fresh = new Map<string, string>();
    const plate = new Plate();
    const used = new Map(RUNS.map((run) => [run, logOf(run.events, run.plan.seconds)]));
    const looks = fc.array(fc.tuple(anyRun, anyView, moment), { minLength: 2, maxLength: 6 });
    fc.assert(
      fc.property(looks, (sequence) => {
        for (const [which, how, share] of sequence) {
          const run = runAt(which);
          const view = viewAt(how);
          const t = timeIn(run.plan, share);
          const key = `${which} ${how} ${t}`;
          const seen = drawn(used.get(run) as TraceLog, t, view, plate);
          let wanted = fresh.get(key);
          if (wanted === undefined) {
            forgetType();
            wanted = drawn(logOf(run.events, run.plan.seconds), t, view);
            fresh.set(key, wanted);
          }
          expect(seen).toBe(wanted);
        }
      }),
      options,
    );
  });

  test(`[V8] fed live in any batches, ahead of and behind the playhead, the same (seed ${SEED})`, () => {
    const cuts = fc.array(moment, { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(anyRun, anyView, cuts, fc.array(moment, { minLength: 1, maxLength: 4 }), (which, how, at, shares) => {
        const run = runAt(which);
        const view = viewAt(how);
        const whole = logOf(run.events, run.plan.seconds);
        const live = new TraceLog();
        const wanted = shares.map((share) => timeIn(run.plan, share));
        for (const batch of batches(run.events, at)) {
          live.append(batch, batch.at(-1)?.t ?? 0);
          for (const t of wanted) {
            if (t + AHEAD_US <= live.endAt) expect(drawn(live, t, view)).toBe(drawn(whole, t, view));
          }
        }
      }),
      options,
    );
  });

  test(`what comes later than 400 ms ahead changes nothing (seed ${SEED})`, () => {
    fc.assert(
      fc.property(anyRun, anyView, moment, (which, how, share) => {
        const run = runAt(which);
        const view = viewAt(how);
        const t = timeIn(run.plan, share);
        const known = new TraceLog();
        known.append(
          run.events.filter((event) => event.t <= t + AHEAD_US),
          t + AHEAD_US,
        );
        expect(drawn(known, t, view)).toBe(drawn(logOf(run.events, run.plan.seconds), t, view));
      }),
      options,
    );
  });

  test(`[V8] from the text of a recording the same (seed ${SEED})`, () => {
    const loaded = RUNS.map(({ events }, i) => fromText(events, i === 0 ? [0.1, 0.1003, 0.7] : []));
    fc.assert(
      fc.property(anyRun, anyView, moment, (which, how, share) => {
        const run = runAt(which);
        const view = viewAt(how);
        const t = timeIn(run.plan, share);
        const log = loaded[which] as TraceLog;
        expect(drawn(log, t, view)).toBe(drawn(logOf(run.events, run.plan.seconds), t, view));
      }),
      options,
    );
  });

  test('pictures that are kept are those that would be drawn: one store for all, or forgotten before each', () => {
    const crowded = eventsOf({
      workers: 30,
      clients: 12,
      everyMs: 0,
      workMs: 50,
      seconds: 12,
      steps: TROUBLE.steps ?? [],
    });
    const logs = [logOf(RUNS[0]?.events ?? [], TROUBLE.seconds), logOf(crowded, 12)];
    const looks = [3.7e6, 4.6e6, 5.6e6, 7.9e6, 9.6e6, 10.4e6].flatMap((t) =>
      VIEWS.flatMap((view) => logs.map((log) => ({ log, t, view }))),
    );
    const kept = looks.map(({ log, t, view }) => drawn(log, t, view));
    const anew = looks.map(({ log, t, view }) => {
      forgetType();
      return drawn(log, t, view);
    });
    expect(kept).toEqual(anew);
  });

  test('tells pictures apart', () => {
    const log = logOf(RUNS[0]?.events ?? [], TROUBLE.seconds);
    const at = [5e6, 5.1e6, 7.5e6].flatMap((t) => VIEWS.map((view) => drawn(log, t, view)));
    expect(new Set(at).size).toBe(at.length);
  });
});
