import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { controlFrame, kindOnLink, type Message, queue, simpleQueue } from '../src/index.ts';
import { DrivenQueue } from './driven-queue.ts';

const READY = ['', 'READY'];

/** A Simple queue that a test drives by hand. */
function driven(maxWorkers?: number) {
  const settings = { rules: 'simple', heartbeatIntervalMs: 1000, liveness: 3, maxWorkers } as const;
  let [state, effects] = simpleQueue.start(settings, 0);
  const done: simpleQueue.Effect[] = [...effects];
  const give = (type: 'backend' | 'frontend', frames: Message): void => {
    [state, effects] = simpleQueue.step(state, { type, frames }, 0);
    done.push(...effects);
  };
  return {
    says: (worker: string, ...frames: string[]) => give('backend', [worker, ...frames]),
    asks: (client: string, ...frames: string[]) => give('frontend', [client, ...frames]),
    tick: (now: number) => {
      [state, effects] = simpleQueue.step(state, { type: 'tick' }, now);
      done.push(...effects);
    },
    get state() {
      return state;
    },
    get sent() {
      return done.flatMap((effect) => (effect.type === 'send' ? [effect] : []));
    },
    facts: (type: string) => done.flatMap((e) => (e.type === 'record' && e.fact.type === type ? [e.fact] : [])),
  };
}

describe('the Simple Pirate queue', () => {
  it('[SP1] whatever a worker says puts it at the end, also one that stands there already', () => {
    const q = driven();
    q.says('A', ...READY);
    q.says('B', ...READY);
    q.says('A', 'HEARTBEAT');
    q.says('A', '', 'C', '', 'answer');
    expect(q.state.ready).toEqual(['A', 'B', 'A', 'A']);
    expect(q.facts('worker.listed').map((fact) => 'by' in fact && fact.by)).toEqual([
      'READY',
      'READY',
      'INVALID',
      'REPLY',
    ]);
  });

  it('[SP1] a full list refuses with a fact', () => {
    const q = driven(2);
    for (const worker of ['A', 'B', 'C']) q.says(worker, ...READY);
    expect(q.state.ready).toEqual(['A', 'B']);
    expect(q.facts('worker.refused')).toHaveLength(1);
  });

  it.each(['rfc', 'text'] as const)(
    '[SP2] READY (%s) is the only control; what else there is goes to a client',
    (dialect) => {
      const q = driven();
      q.says('A', '', controlFrame('READY', dialect));
      expect(q.sent).toEqual([]);
      q.says('A', '', 'C', '', 'answer');
      expect(q.sent).toEqual([{ type: 'send', side: 'frontend', frames: ['C', '', 'answer'] }]);
      q.says('A', controlFrame('HEARTBEAT', dialect));
      expect(q.facts('message.invalidated')).toMatchObject([
        { identity: 'A', reason: 'taken for a reply: no envelope' },
      ]);
      expect(q.sent).toHaveLength(1);
    },
  );

  it('[SP3] a request goes to the head, behind a delimiter, and the frontend is read only while somebody is listed', () => {
    const q = driven();
    expect(simpleQueue.readsFrontend(q.state)).toBe(false);
    expect(() => q.asks('C', '', 'question')).toThrow('[SP3]');
    q.says('A', ...READY);
    q.says('B', ...READY);
    q.asks('C', '', 'question');
    expect(q.sent).toEqual([{ type: 'send', side: 'backend', frames: ['A', '', 'C', '', 'question'] }]);
    expect(q.state.ready).toEqual(['B']);
    q.asks('C', 'no delimiter');
    expect(q.facts('message.invalidated')).toHaveLength(1);
    expect(q.state.ready).toEqual(['B']);
  });

  it('[SP4] no clock: nobody is beaten for, and nobody expires in a day', () => {
    const q = driven();
    q.says('A', ...READY);
    expect(simpleQueue.deadline(q.state)).toBeUndefined();
    q.tick(86_400_000_000);
    expect(q.state.ready).toEqual(['A']);
    expect(q.sent).toEqual([]);
  });

  it('[F6] no message throws, and whatever was said is a place in the list', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.oneof(fc.string(), fc.constantFrom('', 'READY', '\x01')))), (messages) => {
        const q = driven(1000);
        for (const frames of messages) q.says('A', ...frames);
        expect(q.state.ready).toHaveLength(messages.length);
      }),
    );
  });
});

describe('a REQ worker on a Paranoid queue', () => {
  it.each(['listing', 'guide', 'robust'] as const)(
    '[Q11] %s: its delimiter is taken away from READY and replies',
    (rules) => {
      const q = new DrivenQueue(rules);
      const step = (type: 'backend' | 'frontend', frames: Message): readonly queue.Effect[] => {
        const [state, effects] = queue.step(q.state, { type, frames }, 0);
        q.state = state;
        return effects;
      };
      step('backend', ['A', ...READY]);
      expect(q.state.ready.map(({ identity }) => identity)).toEqual(['A']);
      const given = step('frontend', ['C', '', 'question']).find((effect) => effect.type === 'send');
      // And so no REQ socket takes it: there is no delimiter before the client's identity [SP7].
      expect(given?.frames).toEqual(['A', 'C', '', 'question']);
      const answered = step('backend', ['A', '', 'C', '', 'answer']).find((effect) => effect.type === 'send');
      expect(answered?.frames).toEqual(['C', '', 'answer']);
    },
  );

  it('[Q11] its READY is told by its second frame, and only on the way to the queue', () => {
    expect(kindOnLink('backend', 'toQueue', 2, '', 'READY')).toBe('READY');
    expect(kindOnLink('backend', 'toQueue', 2, '', '\x01')).toBe('READY');
    expect(kindOnLink('backend', 'toQueue', 2, '', 'hello')).toBe('INVALID');
    expect(kindOnLink('backend', 'toQueue', 4, '', 'READY')).toBe('REPLY');
    expect(kindOnLink('backend', 'fromQueue', 2, '', 'READY')).toBe('REQUEST');
  });
});
