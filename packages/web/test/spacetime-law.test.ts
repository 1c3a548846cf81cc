import type { Micros } from '@crows-nest/protocol';
import { describe, expect, test } from 'vitest';
import { TraceLog } from '../src/model/log.ts';
import { diagram } from '../src/spacetime/diagram.ts';
import type { DiagramIndex } from '../src/spacetime/diagram-index.ts';
import { stopBeside } from '../src/spacetime/events-path.ts';
import { paintDiagram } from '../src/spacetime/paint.ts';
import { under } from '../src/spacetime/under.ts';
import type { DiagramView } from '../src/spacetime/view.ts';
import type { StageContext } from '../src/stage/brush.ts';
import { readWorker } from '../src/stage/truth.ts';
import { SPACETIME } from '../src/words/spacetime.ts';
import { indexOf, logOfAll, numbers, trouble } from './spacetime-world.ts';
import { eventsOf, TROUBLE } from './stage-world.ts';

const VIEW: DiagramView = {
  ...{ width: 1516, height: 312, dpr: 1, textScale: 1, themeName: 'dark', showBeats: true },
  ...{ words: SPACETIME.en, nameOf: (name) => name },
  ...{ selection: null, hover: null, spanUs: 20_000_000, anchorAt: null, later: false },
};

/** All that is asked of the canvas, in order. */
function painted(made: Parameters<typeof paintDiagram>[1]): string[] {
  const calls: string[] = [];
  const values: Record<string, unknown> = {};
  const ctx = new Proxy(values, {
    set(target, name, value) {
      target[String(name)] = value;
      calls.push(`${String(name)} = ${typeof value === 'object' ? 'pattern' : value}`);
      return true;
    },
    get(target, name) {
      if (String(name) in target) return target[String(name)];
      return (...args: unknown[]) => {
        calls.push(`${String(name)} ${JSON.stringify(args)}`);
      };
    },
  });
  paintDiagram(ctx as unknown as StageContext, made);
  return calls;
}

const drawn = (index: DiagramIndex, log: TraceLog, t: Micros, view: DiagramView): string =>
  painted(diagram(index, log, t, view)).join('\n');

/** A view of any kind that a person could come to. */
function someView(below: (n: number) => number, log: TraceLog): DiagramView {
  const known = Math.max(1, log.endAt - log.startAt);
  return {
    ...VIEW,
    themeName: below(2) === 0 ? 'dark' : 'light',
    width: 380 + below(2000),
    height: 160 + below(440),
    textScale: below(3) === 0 ? 2 : 1,
    spanUs: 2_000 * 2 ** below(16),
    anchorAt: below(2) === 0 ? null : log.startAt + below(known),
    later: below(2) === 0,
    showBeats: below(3) > 0,
    selection: [
      null,
      { type: 'event', seq: below(2000) },
      { type: 'message', msg: below(600) },
      { type: 'peer', peer: 'worker-1' },
    ][below(4)] as DiagramView['selection'],
  };
}

describe('the law of the diagram', () => {
  test('[V1] after whatever looks, it is drawn as from an index that never was looked at', () => {
    const events = trouble(2, 'robust', 2);
    const log = new TraceLog();
    const used = indexOf(log);
    const below = numbers(21);
    for (let from = 0; from < events.length; from += 150) {
      const part = events.slice(from, from + 150);
      // Complete a little beyond the last fact: what turns by itself has turned.
      log.append(part, (part.at(-1)?.t ?? 0) + below(300_000));
      for (let i = 0; i < 3; i++) diagram(used, log, log.startAt + below(log.endAt), someView(below, log));
      diagram(used, log, log.endAt, VIEW);
      const [t, view] = [below(log.endAt), someView(below, log)];
      expect(drawn(used, log, t, view)).toBe(drawn(indexOf(log), log, t, view));
    }
  });

  test('[V1] also when the oldest facts are let go', () => {
    const events = trouble(6, 'listing', 2);
    const log = new TraceLog({ windowFacts: 1500, chunkFacts: 256 });
    const used = indexOf(log);
    const below = numbers(22);
    for (let from = 0; from < events.length; from += 100) {
      log.append(events.slice(from, from + 100), 0);
      const t = log.startAt + below(Math.max(1, log.endAt - log.startAt));
      const view = someView(below, log);
      expect(drawn(used, log, t, view)).toBe(drawn(indexOf(log), log, t, view));
    }
    expect(log.droppedBefore).not.toBeNull();
  });

  test('[V1] also when facts were missed', () => {
    const events = trouble(9, 'guide', 2);
    const cut = Math.floor(events.length / 2);
    const log = new TraceLog();
    const used = indexOf(log);
    const below = numbers(23);
    log.append(events.slice(0, cut), events[cut - 1]?.t ?? 0);
    diagram(used, log, log.endAt, VIEW);
    const later = logOfAll(events.slice(0, cut + 400));
    log.reset({ state: structuredClone(later.stateAt(later.endAt)), now: later.endAt });
    log.append(events.slice(cut + 400), events.at(-1)?.t ?? 0);
    expect(log.gaps.length).toBe(1);
    const fresh = indexOf(log);
    for (let i = 0; i < 40; i++) {
      const [t, view] = [below(log.endAt), someView(below, log)];
      expect(drawn(used, log, t, view)).toBe(drawn(fresh, log, t, view));
    }
  });

  test('live, nothing is drawn that has not been shown yet but what is due', () => {
    const log = logOfAll(eventsOf(TROUBLE));
    const index = indexOf(log);
    for (let t = 1e6; t < 13e6; t += 0.7e6) {
      const made = diagram(index, log, t, VIEW);
      const xs = [
        ...Object.values(made.bars).flatMap((boxes) =>
          boxes.map((n, i) => (i % 4 === 0 ? n + (boxes[i + 2] ?? 0) : 0)),
        ),
        ...made.flights.seen.map((n, i) => (i % 6 === 1 || i % 6 === 3 ? n : 0)),
        ...made.flights.crosses.map((n, i) => (i % 2 === 0 ? n : 0)),
        ...made.notes.map(({ x }) => x),
      ];
      expect(Math.max(...xs)).toBeLessThanOrEqual(made.playheadX + 0.76);
    }
  });
});

describe('the picture', () => {
  const log = logOfAll(eventsOf(TROUBLE));
  const index = indexOf(log);
  const times = Array.from({ length: 24 }, (_, i) => Math.round(((i + 1) / 25) * log.endAt));

  test('[V2] leaves save and restore in balance, and every coordinate is a number', () => {
    for (const t of times) {
      const calls = painted(diagram(index, log, t, VIEW));
      const count = (name: string): number => calls.filter((call) => call.startsWith(`${name} `)).length;
      expect(count('save')).toBe(count('restore'));
      expect(calls.filter((call) => /null|NaN|Infinity/.test(call))).toEqual([]);
    }
  });

  test('[V3] whoever is in disagreement is framed, and named in words', () => {
    let some = 0;
    for (let t = 2e6; t < log.endAt; t += 50_000) {
      const made = diagram(index, log, t, VIEW);
      const state = log.stateAt(t);
      const workers = Object.values(state.peers).filter(({ role }) => role === 'worker');
      const parted = workers.filter((peer) => readWorker(state, peer, t).parted).map(({ name }) => name);
      some += parted.length;
      expect(made.summary.endsWith('no disagreement.')).toBe(parted.length === 0);
      for (const name of parted) expect(made.summary).toContain(name);
      const drawable = workers.filter((peer) => t - (readWorker(state, peer, t).parted?.since ?? t) > 50_000);
      expect(made.frames.length / 4).toBeGreaterThanOrEqual(drawable.length);
      if (drawable.length > 0) expect(made.labels.some(({ text }) => text.startsWith('belief ≠ truth'))).toBe(true);
    }
    expect(some).toBeGreaterThan(5);
  });

  test('every loss that the log knows of is a cross or is counted', () => {
    for (const t of times) {
      const made = diagram(index, log, t, { ...VIEW, spanUs: log.endAt, showBeats: true });
      const lost = log.between(0, t, ['message.dropped', 'message.lost']).length;
      if (made.dense) continue;
      // A loss on entry is drawn where it would have been by then, which may still be to come.
      expect(made.flights.crosses.length / 2).toBeLessThanOrEqual(lost);
      expect(made.flights.crosses.length / 2).toBeGreaterThanOrEqual(lost - 12);
    }
  });

  test('what is picked out is bright and the rest faint', () => {
    const request = log
      .between(0, log.endAt, ['message.entered'])
      .find((e) => e.type === 'message.entered' && e.journey === 3);
    const msg = request?.type === 'message.entered' ? request.msg : -1;
    const made = diagram(index, log, 6e6, { ...VIEW, selection: { type: 'message', msg } });
    expect(made.flights.lit.length).toBe(log.journey(3).length);
    expect(made.flights.bright.REQUEST.lines).toEqual([]);
    expect(made.flights.faint.REQUEST.lines.length).toBeGreaterThan(0);
  });

  test('the pointer finds the message whose line it is on, and the mark before the line', () => {
    const made = diagram(index, log, 6e6, VIEW);
    const { seen } = made.flights;
    const row = (peer: string) => made.rows.find((r) => r.peer === peer);
    for (let i = 0; i < seen.length; i += 6) {
      const [x1, y1, x2, y2] = [seen[i + 1] ?? 0, seen[i + 2] ?? 0, seen[i + 3] ?? 0, seen[i + 4] ?? 0];
      const [x, y] = [(x1 + x2) / 2, (y1 + y2) / 2];
      if (x < made.left) continue;
      expect(['message', 'event']).toContain(under(made, index, x, y).type);
    }
    for (const note of made.notes) {
      const found = under(made, index, note.x, note.y);
      if (note.x > made.left) expect(found.type).toBe('event');
    }
    expect(under(made, index, 10, (row('worker-3')?.barY ?? 0) + 1)).toMatchObject({ type: 'name', peer: 'worker-3' });
  });

  test('the way by keyboard visits everything once, forwards and back', () => {
    const [first, last] = [log.startAt, log.endAt];
    const forwards: string[] = [];
    let stop = stopBeside(index, first - 1, 1, first, last);
    while (stop) {
      forwards.push(JSON.stringify(stop.selection));
      stop = stopBeside(index, stop, 1, first, last);
    }
    const messages = log
      .between(-1, last, ['message.entered'])
      .filter((e) => 'kind' in e && e.kind !== 'HEARTBEAT').length;
    expect(forwards.length).toBe(messages + index.notes.length);
    expect(new Set(forwards).size).toBe(forwards.length);
    const backwards: string[] = [];
    stop = stopBeside(index, last + 1, -1, first, last);
    while (stop) {
      backwards.push(JSON.stringify(stop.selection));
      stop = stopBeside(index, stop, -1, first, last);
    }
    expect(backwards.reverse()).toEqual(forwards);
  });
});
