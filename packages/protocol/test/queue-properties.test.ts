import fc from 'fast-check';
import { expect, test } from 'vitest';
import { queue } from '../src/index.ts';
import { ALL_RULES, DrivenQueue } from './driven-queue.ts';

const frame = fc.oneof(
  fc.constantFrom('', '\x01', '\x02', 'READY', 'HEARTBEAT', 'A', 'B', 'C', 'D', '@'),
  fc.string({ unit: 'binary', maxLength: 40 }),
);
const input = fc.oneof(
  fc.record({ type: fc.constant('backend' as const), frames: fc.array(frame, { maxLength: 6 }) }),
  fc.record({ type: fc.constant('frontend' as const), frames: fc.array(frame, { maxLength: 6 }) }),
  fc.constant({ type: 'tick' as const }),
);
const inputs = fc.array(fc.tuple(fc.nat({ max: 2_000 }), input), { maxLength: 60 });

test.each(ALL_RULES)('[F6] %s: no message throws, and the list holds nobody twice', (rules) => {
  fc.assert(
    fc.property(inputs, (steps) => {
      const q = new DrivenQueue(rules);
      for (const [ms, given] of steps) {
        q.at(q.now + ms);
        if (given.type === 'frontend' && !queue.readsFrontend(q.state)) continue;
        q.give(given);
        const known = [...q.list, ...q.state.busy.map((w) => w.identity)];
        expect(new Set(known).size).toBe(known.length);
        expect(queue.deadline(q.state)).toBeLessThanOrEqual(q.now * 1000 + 3_000_000);
      }
    }),
  );
});

test.each(ALL_RULES)('[F4] %s: the frames of a request reach the worker as they came', (rules) => {
  fc.assert(
    fc.property(fc.array(frame, { minLength: 1, maxLength: 8 }), (body) => {
      const q = new DrivenQueue(rules).hear('W', '\x01');
      q.give({ type: 'frontend', frames: ['C', '', ...body] });
      expect(q.takeSent()).toEqual([['W', 'C', '', ...body]]);
      q.hear('W', 'C', '', ...body);
      expect(q.takeSent()).toEqual([['C', '', ...body]]);
    }),
  );
});
