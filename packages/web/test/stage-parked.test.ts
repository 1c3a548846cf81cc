// What a fault holds on a link is drawn before its gate, in order, and none of it is left out.

import { expect, test } from 'vitest';
import { type Scene, scene } from '../src/stage/scene.ts';
import { eventsOf, logOf, VIEW } from './stage-world.ts';

const SECONDS = 9;
const jam = { id: 'f1', kind: 'partition', mode: 'jammed', selector: {}, seed: 1 } as const;
const jammed = logOf(
  eventsOf({
    workers: 2,
    clients: 2,
    seconds: SECONDS,
    steps: [[3, { type: 'fault.apply', link: 'worker-1', fault: { ...jam, selector: { direction: 'toQueue' } } }]],
  }),
  SECONDS,
);
const drawn = (made: Scene): number => made.counts.singles + made.counts.beaded + made.counts.hidden;

test('stands before the gate, each behind the one that came before it', () => {
  const t = 6_600_000;
  const parked = Object.values(jammed.stateAt(t).messages).filter(({ heldBy }) => heldBy.length > 0);
  expect(parked.length).toBeGreaterThan(1);
  const made = scene(jammed, t, VIEW);
  const [gate] = made.gates;
  expect(gate?.icon).toBe('jammed');
  const places = parked
    .sort((a, b) => a.enteredAt - b.enteredAt)
    .flatMap(({ msg }) => made.messages.filter((mark) => mark.msg === msg).map(({ x }) => x));
  expect(places.length).toBeGreaterThan(1);
  for (const [i, x] of places.entries()) {
    // A worker stands on the right, and what it says goes to the left.
    expect(x).toBeGreaterThan(gate?.x ?? 0);
    if (i > 0) expect(x).toBeGreaterThan(places[i - 1] ?? 0);
  }
});

test.each([false, true])('is all there: with reduced motion %s', (reducedMotion) => {
  for (let t = 3_000_000; t < SECONDS * 1e6; t += 250_000) {
    const made = scene(jammed, t, { ...VIEW, reducedMotion });
    const onLinks = Object.values(jammed.stateAt(t).messages).filter(({ leftAt }) => leftAt === null).length;
    expect(drawn(made)).toBe(onLinks);
  }
});

test('what is damaged so that nobody can read it looks so', () => {
  const fault = { id: 'f1', kind: 'corrupt', mode: 'type', selector: { kind: 'HEARTBEAT' }, seed: 3 } as const;
  const steps = [[2, { type: 'fault.apply', link: 'worker-1', fault }]] as const;
  const log = logOf(eventsOf({ workers: 1, clients: 1, seconds: 8, steps }), 8);
  const facts = log.between(0, log.endAt, ['message.corrupted']);
  const invalid = facts.filter((fact) => fact.type === 'message.corrupted' && fact.kind === 'INVALID');
  expect(invalid.length).toBeGreaterThan(0);
  for (const fact of invalid) {
    const msg = 'msg' in fact ? fact.msg : -1;
    const mark = scene(log, fact.t + 100_000, VIEW).messages.find((shown) => shown.msg === msg);
    expect(mark?.kind).toBe('INVALID');
  }
});
