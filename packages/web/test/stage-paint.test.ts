import { describe, expect, test } from 'vitest';
import { brushFor, type StageContext } from '../src/stage/brush.ts';
import type { WorkerMark } from '../src/stage/marks.ts';
import { paint } from '../src/stage/paint.ts';
import { paintMessageGlyph } from '../src/stage/paint-message.ts';
import { paintWorker } from '../src/stage/paint-worker.ts';
import { scene } from '../src/stage/scene.ts';
import { readAloud } from '../src/stage/targets.ts';
import type { Truth } from '../src/stage/truth.ts';
import { eventsOf, logOf, TROUBLE, VIEW } from './stage-world.ts';

const COLOURS = new Set(['fillStyle', 'strokeStyle', 'addColorStop', 'globalAlpha']);

/** A context that writes down what is asked of it, in order; `blind` leaves out every colour. */
function recorder(blind = false): { ctx: StageContext; calls: string[] } {
  const calls: string[] = [];
  const note = (name: string, args: unknown[]): void => {
    if (!(blind && COLOURS.has(name))) calls.push(`${name} ${JSON.stringify(args)}`);
  };
  const gradient = { addColorStop: (...args: unknown[]) => note('addColorStop', args) };
  const values: Record<string, unknown> = { globalAlpha: 1 };
  const ctx = new Proxy(values, {
    set(target, name, value) {
      target[String(name)] = value;
      note(String(name), [typeof value === 'string' || typeof value === 'number' ? value : 'object']);
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
  });
  return { ctx: ctx as unknown as StageContext, calls };
}

const log = logOf(eventsOf(TROUBLE), TROUBLE.seconds);
const times = Array.from({ length: 20 }, (_, i) => Math.round(((i + 0.6) / 20) * TROUBLE.seconds * 1e6));

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.freeze(value);
    for (const part of Object.values(value)) frozen(part);
  }
  return value;
}

describe('the painter', () => {
  test('[V2] draws a scene and nothing else: the same calls, also from its JSON, and it changes nothing', () => {
    for (const t of times) {
      const made = scene(log, t, VIEW);
      const first = recorder();
      paint(first.ctx, made);
      const again = recorder();
      paint(again.ctx, frozen(JSON.parse(JSON.stringify(made))));
      expect(again.calls).toEqual(first.calls);
      expect(first.calls.length).toBeGreaterThan(300);
    }
  });

  test('[V2] leaves save and restore in balance', () => {
    const { ctx, calls } = recorder();
    for (const t of times) paint(ctx, scene(log, t, VIEW));
    const count = (name: string): number => calls.filter((call) => call.startsWith(`${name} `)).length;
    expect(count('save')).toBe(count('restore'));
  });
});

describe('without colour', () => {
  const distinct = (pictures: string[][]): void => {
    expect(new Set(pictures.map((calls) => calls.join('\n'))).size).toBe(pictures.length);
  };

  test.each(['dark', 'light'] as const)('[V3] every kind of message has its own shape (%s)', (theme) => {
    const kinds = ['REQUEST', 'REPLY', 'READY', 'HEARTBEAT', 'INVALID'] as const;
    const shapes = kinds.map((kind) => {
      const { ctx, calls } = recorder(true);
      paintMessageGlyph(brushFor(ctx, theme, 1), { kind, x: 0, y: 0, angle: 0, r: 10, text: null, ghost: false });
      return calls;
    });
    const { ctx, calls } = recorder(true);
    paintMessageGlyph(brushFor(ctx, theme, 1), {
      kind: 'REQUEST',
      x: 0,
      y: 0,
      angle: 0,
      r: 10,
      text: null,
      ghost: true,
    });
    distinct([...shapes, calls]);
  });

  test('[V3] every state of a worker has its own silhouette', () => {
    const truths: Truth[] = ['running', 'frozen', 'overloaded', 'dead', 'reconnecting', 'unknown'];
    const mark = (truth: Truth): WorkerMark => ({
      peer: 'worker-1',
      x: 0,
      y: 0,
      scale: 1,
      alpha: 1,
      truth,
      arc: null,
      bands: null,
      halo: 0,
      framed: false,
      lamplight: false,
      disc: truth === 'busy' ? { text: '1', atRim: false } : null,
      countdown: truth === 'reconnecting' ? { text: '4', share: 0.5 } : null,
      grounded: false,
      marked: null,
    });
    distinct(
      [...truths, 'busy' as const].map((truth) => {
        const { ctx, calls } = recorder(true);
        paintWorker(brushFor(ctx, 'dark', 1), mark(truth));
        return calls;
      }),
    );
  });

  test('[V3] every state that is not rest is also said in words', () => {
    for (const t of times) {
      const made = scene(log, t, VIEW);
      for (const { peer, truth } of made.workers) {
        if (truth === 'running') continue;
        const word = {
          busy: /busy|deaf/,
          frozen: /frozen/,
          overloaded: /overloaded/,
          dead: /dead|gone/,
          reconnecting: /reconnecting/,
          unknown: /./,
        }[truth];
        const target = readAloud(log, t, VIEW, made).targets.find(
          ({ selection }) => selection.type === 'peer' && selection.peer === peer,
        );
        expect(target?.label).toMatch(word);
      }
    }
  });
});
