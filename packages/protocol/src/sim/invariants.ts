// What must hold in every run, checked while it runs: the names, the rule sets each holds for, and who checks them.
// The checks keep books of their own (when a worker was heard, what it was given) and do not trust what a machine remembers.

import type { Rules } from '../events.ts';
import { type Micros, millis } from '../timing.ts';
import type { Ground } from './action.ts';
import { ClientChecks } from './check-clients.ts';
import { GivingUpChecks } from './check-giving-up.ts';
import { HealingChecks } from './check-healing.ts';
import { QueueChecks } from './check-queue.ts';
import { SimpleHealingChecks } from './check-simple-healing.ts';
import { SimpleQueueChecks } from './check-simple-queue.ts';
import { SimpleWorkerChecks } from './check-simple-workers.ts';
import { WorkerChecks } from './check-workers.ts';
import type { Watcher } from './watcher.ts';
import type { World } from './world.ts';

const EVERY: readonly Rules[] = ['listing', 'guide', 'robust', 'simple'];
/** Those who beat, and believe in nobody for ever. */
const PARANOID: readonly Rules[] = ['listing', 'guide', 'robust'];
const ROBUST: readonly Rules[] = ['robust'];
const SIMPLE: readonly Rules[] = ['simple'];

export const INVARIANTS = {
  'nothing throws': EVERY,
  'a dispatch takes the head of the list and removes it': EVERY,
  'the frontend is never read with an empty list': EVERY,
  'envelope, bytes and frame count are kept both ways': EVERY,
  'every delivery has one cause': EVERY,
  'what is read is passed on or reported': EVERY,
  'one-frame messages never reach a client': EVERY,
  'an idle worker beats each interval': EVERY,
  'a worker notices a silent queue after L polls': EVERY,
  'a back-off doubles, is clamped and starts anew only after a message': EVERY,
  'READY comes first on each connection': EVERY,
  'a Simple worker says READY once, and then only what it was asked for': EVERY,
  'a request ends in one accepted reply or one visible failure': EVERY,
  'no foreign reply is ever accepted': EVERY,
  'sent = delivered + dropped + lost + in flight': EVERY,
  'the ready list has no duplicates': PARANOID,
  'after a purge nothing listed is expired': PARANOID,
  'every listed worker is sent a beat each interval': PARANOID,
  'a silent worker is removed between L·I and (L+1)·I': PARANOID,
  'after healing every live worker is listed': PARANOID,
  'after healing every new request is answered': PARANOID,
  'a worker has at most one outstanding request': ROBUST,
  'no request goes to an expired worker': ROBUST,
  'nobody is declared dead whose message lies unread': ROBUST,
  'a request taken from a lost worker is not lost': ROBUST,
  'a client gives up only when no worker is alive': ROBUST,
  'whoever speaks is listed once more, at the end': SIMPLE,
  'whoever is listed stays where it is until it is used': SIMPLE,
  'after healing whoever can answer is listed again': SIMPLE,
  'after healing a request is answered that came to a living Simple worker': SIMPLE,
  'after healing whoever beats is heard by a Simple queue': SIMPLE,
} as const satisfies Record<string, readonly Rules[]>;

export type InvariantName = keyof typeof INVARIANTS;

export interface Violation {
  readonly invariant: InvariantName;
  readonly at: Micros;
  readonly detail: string;
}

/** The bounds of the rules in microseconds, and where a check reports. */
export interface Bench {
  readonly world: World;
  readonly ground: Ground;
  /** I, and how late a loop may be, a burst of waiting messages included (e). */
  readonly interval: Micros;
  readonly lateness: Micros;
  /** L·I. */
  readonly silence: Micros;
  /** Broken for these rules? Then the run ends here; elsewhere it only counts. */
  fail(invariant: InvariantName, detail: string): void;
}

const LATENESS_MS = 50;

export class Invariants implements Watcher {
  violation: Violation | undefined;
  /** What the other rule sets do, and `robust` must not. */
  readonly counts = new Map<InvariantName, number>();
  #checks: readonly Watcher[] = [];

  /** Before the world's first action. */
  watch(world: World): void {
    const { ground } = world;
    const interval = millis(ground.heartbeatIntervalMs);
    const bench: Bench = {
      ...{ world, ground, interval, lateness: millis(LATENESS_MS), silence: interval * ground.liveness },
      fail: (invariant, detail) => this.#fail(world, invariant, detail),
    };
    const { rules } = ground;
    this.#checks = [
      new WorkerChecks(bench),
      new SimpleWorkerChecks(bench),
      new ClientChecks(bench),
      ...(rules === 'simple'
        ? [new SimpleQueueChecks(bench), new SimpleHealingChecks(bench)]
        : [new QueueChecks(bench), new HealingChecks(bench)]),
      ...(rules === 'robust' ? [new GivingUpChecks(bench)] : []),
    ];
    for (const check of this.#checks) if (world.queue.state) check.queueStarted?.(world.queue.state);
  }

  #fail(world: World, invariant: InvariantName, detail: string): void {
    this.counts.set(invariant, (this.counts.get(invariant) ?? 0) + 1);
    const rules: readonly Rules[] = INVARIANTS[invariant];
    if (this.violation || !rules.includes(world.ground.rules)) return;
    this.violation = { invariant, at: world.now, detail };
    world.halted = true;
  }

  readonly queueStarted: Required<Watcher>['queueStarted'] = (state) => {
    for (const check of this.#checks) check.queueStarted?.(state);
  };
  readonly queueStepped: Required<Watcher>['queueStepped'] = (before, input, after, effects) => {
    for (const check of this.#checks) check.queueStepped?.(before, input, after, effects);
  };
  readonly workerStarted: Required<Watcher>['workerStarted'] = (peer, state, effects) => {
    for (const check of this.#checks) check.workerStarted?.(peer, state, effects);
  };
  readonly workerStepped: Required<Watcher>['workerStepped'] = (peer, before, input, after, effects) => {
    for (const check of this.#checks) check.workerStepped?.(peer, before, input, after, effects);
  };
  readonly clientStarted: Required<Watcher>['clientStarted'] = (peer, state, effects) => {
    for (const check of this.#checks) check.clientStarted?.(peer, state, effects);
  };
  readonly clientStepped: Required<Watcher>['clientStepped'] = (peer, before, input, after, effects) => {
    for (const check of this.#checks) check.clientStepped?.(peer, before, input, after, effects);
  };
  readonly simpleQueueStepped: Required<Watcher>['simpleQueueStepped'] = (before, input, after, effects) => {
    for (const check of this.#checks) check.simpleQueueStepped?.(before, input, after, effects);
  };
  readonly simpleWorkerStarted: Required<Watcher>['simpleWorkerStarted'] = (peer, state, effects) => {
    for (const check of this.#checks) check.simpleWorkerStarted?.(peer, state, effects);
  };
  readonly simpleWorkerStepped: Required<Watcher>['simpleWorkerStepped'] = (peer, before, input, after, effects) => {
    for (const check of this.#checks) check.simpleWorkerStepped?.(peer, before, input, after, effects);
  };
  readonly paused: Required<Watcher>['paused'] = (peer) => {
    for (const check of this.#checks) check.paused?.(peer);
  };
  readonly resumed: Required<Watcher>['resumed'] = (peer) => {
    for (const check of this.#checks) check.resumed?.(peer);
  };
  readonly impaired: Required<Watcher>['impaired'] = (peer, impairment) => {
    for (const check of this.#checks) check.impaired?.(peer, impairment);
  };
  readonly exited: Required<Watcher>['exited'] = (peer) => {
    for (const check of this.#checks) check.exited?.(peer);
  };
  readonly disturbed: Required<Watcher>['disturbed'] = (link) => {
    for (const check of this.#checks) check.disturbed?.(link);
  };
  readonly calmed: Required<Watcher>['calmed'] = () => {
    for (const check of this.#checks) check.calmed?.();
  };
  readonly ended: Required<Watcher>['ended'] = () => {
    for (const check of this.#checks) check.ended?.();
  };
}
