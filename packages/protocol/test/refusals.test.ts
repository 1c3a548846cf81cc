// Refusals as data: each reason has its sentence, which names what the reason names.

import { expect, test } from 'vitest';
import { type Refused, refusalText, sayRefused } from '../src/refusals.ts';

test('a refusal in English says what it is about', () => {
  const said: readonly (readonly [Refused, string])[] = [
    [{ reason: 'gone', peer: 'worker-9' }, 'there is no worker-9'],
    [{ reason: 'stageFull', role: 'client', count: 20 }, 'there are 20 clients, and no more fit on the stage'],
    [{ reason: 'noLink', peer: 'queue' }, 'the queue has no link of its own: choose a worker or client'],
    [{ reason: 'noFault', fault: 'f9' }, 'there is no fault f9'],
  ];
  for (const [refused, text] of said) expect(refusalText(refused)).toBe(text);
});

test('a reason that nobody knows here is not said, whatever it is called', () => {
  const sayings = { gone: () => 'gone' } as unknown as Parameters<typeof sayRefused>[1];
  expect(sayRefused({ reason: 'gone', peer: 'worker-1' }, sayings)).toBe('gone');
  for (const reason of ['tooWindy', 'toString', '__proto__', 'constructor']) {
    expect(sayRefused({ reason, peer: 'worker-1' } as unknown as Refused, sayings)).toBeNull();
  }
});
