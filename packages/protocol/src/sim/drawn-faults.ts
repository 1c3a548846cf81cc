// The kinds of trouble that a drawn schedule may hold, each with parameters of its own.

import { DAMAGES } from '../link-corrupt.ts';
import { CUTS, type FaultSpec, LINK_FAULTS, type Selector } from '../link-fault.ts';
import { PROFILE_NAMES } from '../link-profiles.ts';
import { DISTRIBUTIONS } from '../link-time.ts';
import { add, anyPeer, type Drawing, drawKnobs } from './drawing.ts';

/** One kind of fault: adds its steps, beginning at `at`. */
export type Fault = (drawing: Drawing, at: number) => void;

const freeze =
  (whom: (drawing: Drawing) => string): Fault =>
  (drawing, at) => {
    const peer = whom(drawing);
    add(drawing, at, { type: 'process.pause', peer });
    add(drawing, at + drawing.dice.between(200, 9000), { type: 'process.resume', peer });
  };

const breakLink =
  (kind: 'drop' | 'delay' | 'partition'): Fault =>
  (drawing, at) => {
    const { dice } = drawing;
    const link = anyPeer(drawing);
    const id = `f${++drawing.faults}`;
    const direction = dice.pick(['toQueue', 'fromQueue', undefined] as const);
    const ofKind = dice.pick(['READY', 'HEARTBEAT', 'REQUEST', 'REPLY', undefined, undefined] as const);
    const probability = dice.pick([undefined, 0.5, 0.2]);
    const selector = kind === 'drop' ? { direction, kind: ofKind, probability } : { direction };
    const extra = kind === 'delay' ? { extraMs: dice.between(50, 1500), jitterMs: dice.between(0, 300) } : {};
    add(drawing, at, { type: 'fault.apply', link, fault: { id, kind, selector, seed: dice.word(), ...extra } });
    add(drawing, at + dice.between(500, 12_000), { type: 'fault.heal', link, fault: id });
  };

export const FAULTS: readonly Fault[] = [
  freeze(({ dice, peers }) => dice.pick(peers.workers)),
  freeze(() => 'queue'),
  freeze(({ dice, peers }) => dice.pick(peers.clients)),
  (drawing, at) => {
    const peer = drawing.dice.pick(drawing.peers.workers);
    add(drawing, at, { type: 'process.kill', peer });
    const identity = drawing.dice.pick(['new', 'new', 'same'] as const);
    add(drawing, at + drawing.dice.between(0, 8000), { type: 'process.restart', peer, identity });
  },
  (drawing, at) => {
    add(drawing, at, { type: 'process.kill', peer: 'queue' });
    add(drawing, at + drawing.dice.between(0, 6000), { type: 'process.restart', peer: 'queue' });
  },
  (drawing, at) => {
    const peer = drawing.dice.pick([...drawing.peers.workers, 'queue']);
    add(drawing, at, { type: 'process.overload', peer, ms: drawing.dice.between(500, 6000) });
  },
  breakLink('drop'),
  breakLink('delay'),
  breakLink('partition'),
  (drawing, at) => {
    const peer = `worker-${++drawing.workers}`;
    add(drawing, at, { type: 'worker.add', peer, ...drawKnobs(drawing) });
    drawing.peers.workers.push(peer);
  },
];

const FAULT_KINDS = LINK_FAULTS.filter((kind) => kind !== 'drop' && kind !== 'delay');

/** Any fault of a link but those above, with whatever parameters it may have. */
const disturbLink: Fault = (drawing, at) => {
  const { dice } = drawing;
  const link = anyPeer(drawing);
  const kind = dice.pick(FAULT_KINDS);
  const id = `f${++drawing.faults}`;
  const isOfConnection = kind === 'partition' || kind === 'hang' || kind === 'profile';
  const selector: Selector = {
    direction: dice.pick(['toQueue', 'fromQueue', undefined] as const),
    ...(!isOfConnection && {
      kind: dice.pick(['READY', 'HEARTBEAT', 'REQUEST', 'REPLY', undefined] as const),
      ...dice.pick([{}, { probability: 0.3 }, { every: 2 }, { nth: 1 }, { count: 2 }]),
    }),
  };
  const fault: FaultSpec = {
    ...{ id, kind, selector, seed: dice.word() },
    mode: kind === 'corrupt' ? dice.pick(DAMAGES) : kind === 'partition' ? dice.pick(CUTS) : undefined,
    ...{ copies: dice.between(1, 3), extraMs: dice.between(20, 1500), jitterMs: dice.between(0, 200) },
    ...{ distribution: dice.pick(DISTRIBUTIONS), bytesPerSecond: dice.between(1000, 20_000) },
    profile: dice.pick(PROFILE_NAMES),
  };
  const ttlMs = dice.chance(0.3) ? dice.between(500, 9000) : undefined;
  add(drawing, at, { type: 'fault.apply', link, fault, ttlMs });
  if (kind === 'hold') {
    for (let i = dice.between(0, 3); i > 0; i--)
      add(drawing, at + dice.between(100, 4000), { type: 'fault.step', link, fault: id });
  }
  add(drawing, at + dice.between(500, 12_000), { type: 'fault.heal', link, fault: id });
};

const strikeOnce: Fault = (drawing, at) => {
  const { dice } = drawing;
  const link = anyPeer(drawing);
  const direction = dice.pick(['toQueue', 'fromQueue'] as const);
  const types = ['message.drop', 'message.replay', 'link.reset', 'link.close'] as const;
  add(drawing, at, { type: dice.pick(types), link, direction });
};

const impair: Fault = (drawing, at) => {
  const { dice, peers } = drawing;
  const peer = dice.pick([...peers.workers, ...peers.clients, 'queue']);
  const fault = `f${++drawing.faults}`;
  const lasts = { fault, peer, ttlMs: dice.chance(0.3) ? dice.between(500, 9000) : undefined };
  if (dice.chance(0.5)) add(drawing, at, { type: 'process.mute', ...lasts });
  else add(drawing, at, { type: 'process.slow', factor: dice.between(2, 6), ...lasts });
  add(drawing, at + dice.between(500, 12_000), { type: 'fault.heal', link: peer, fault });
};

const stop: Fault = (drawing, at) => {
  const peer = drawing.dice.pick([...drawing.peers.workers, 'queue']);
  add(drawing, at, { type: 'process.stop', peer });
  add(drawing, at + drawing.dice.between(0, 8000), { type: 'process.restart', peer, identity: 'new' });
};

/** In seven runs of eight, and drawn beside the others: the eighth shows what the plain ones do alone. */
export const SUBTLE: readonly Fault[] = [disturbLink, disturbLink, strikeOnce, impair, stop];
