// Does an action to a world. What it is asked to do to a peer that is gone or in no state for it does nothing.

import type { Role } from '../events.ts';
import { setDelay } from '../link.ts';
import { CALM_REQUESTS, OVERLOAD_MS, REQUEST_TIMEOUT_MS, REQUEST_TRIES, WORK_MS } from '../timing.ts';
import type { Action, ClientKnobs, WorkerKnobs } from './action.ts';
import { ail, ailmentsOf, applyToLink, breakOff, cure, dropMessage, healLink, replay, step } from './faults.ts';
import { ClientProcess, type PeerOfWorld, SimpleWorkerProcess, WorkerProcess } from './peers.ts';
import type { Process } from './process.ts';
import type { Wire } from './wire.ts';
import type { World } from './world.ts';

export function perform(world: World, action: Action): void {
  switch (action.type) {
    case 'worker.add':
      return addWorker(world, action.peer, action);
    case 'client.add':
      return addClient(world, action.peer, action);
    case 'client.ask':
      return world.clients.get(action.peer)?.command({ type: 'ask' });
    case 'client.pace':
      return world.clients.get(action.peer)?.command({ type: 'pace', everyMs: action.everyMs });
    case 'peer.remove':
      return remove(world, action.peer);
    case 'process.kill':
      return find(world, action.peer)?.exit(null);
    case 'process.stop':
      return stop(world, action.peer);
    case 'process.pause':
      if (find(world, action.peer)?.status !== 'running') return;
      return ail(world, world.nextFault(), { peer: action.peer, kind: 'pause' }, action.ttlMs);
    case 'process.resume':
      return resume(world, action.peer, 'asked');
    case 'process.mute':
      return ail(world, action.fault, { peer: action.peer, kind: 'mute' }, action.ttlMs);
    case 'process.slow':
      return ail(world, action.fault, { peer: action.peer, kind: 'slow', factor: action.factor }, action.ttlMs);
    case 'process.overload':
      return find(world, action.peer)?.overload(action.ms);
    case 'process.restart':
      return restart(world, action.peer, action.identity ?? 'new');
    case 'link.delay':
      return delay(world, action.link, action.delayMs, action.jitterMs);
    case 'fault.apply':
    case 'fault.heal':
    case 'fault.step':
    case 'message.drop':
    case 'message.replay':
    case 'link.reset':
    case 'link.close':
      return disturb(world, action);
    case 'heal.all':
      return healEverything(world);
    case 'world.calm':
      return calm(world);
  }
}

function find(world: World, peer: string): Process | undefined {
  return peer === 'queue' ? world.queue : world.find(peer);
}

function wireOf(world: World, link: string): Wire | undefined {
  return world.find(link)?.wire;
}

function join(world: World, peer: string, role: Role, knobs: WorkerKnobs & ClientKnobs): void {
  const { pattern = 'paranoid', dialect = 'text', workMs, everyMs, crashChance, overloadChance } = knobs;
  world.emit({
    ...{ t: world.now, type: 'peer.joined', peer, role, guest: false, name: peer },
    ...(role === 'worker' ? { pattern, dialect, workMs, crashChance, overloadChance } : { everyMs }),
  });
}

function addWorker(world: World, peer: string, knobs: WorkerKnobs): void {
  if (world.find(peer)) return;
  if (knobs.pattern === 'simple') return addSimpleWorker(world, peer, knobs);
  const { ground, calm: quiet } = world;
  const full = {
    dialect: knobs.dialect ?? 'text',
    workMs: knobs.workMs ?? WORK_MS,
    crashChance: quiet ? 0 : (knobs.crashChance ?? 0),
    overloadChance: quiet ? 0 : (knobs.overloadChance ?? 0),
  };
  join(world, peer, 'worker', full);
  const worker = new WorkerProcess(world, peer, world.makeWire(peer, 'backend'), {
    ...full,
    heartbeatIntervalMs: ground.heartbeatIntervalMs,
    liveness: ground.liveness,
    replyFirst: knobs.replyFirst,
    quietWhileBusy: knobs.quietWhileBusy,
    overloadMs: OVERLOAD_MS,
    calmRequests: CALM_REQUESTS,
    reconnectInitialMs: ground.reconnectInitialMs,
    reconnectMaxMs: ground.reconnectMaxMs,
    jitter: knobs.jitter ?? false,
    seed: world.dice.word(),
    identitySeed: world.dice.word(),
    fixedIdentity: knobs.fixedIdentity,
  });
  world.workers.set(peer, worker);
  worker.start();
}

function addSimpleWorker(world: World, peer: string, knobs: WorkerKnobs): void {
  const { dialect = 'text', workMs = WORK_MS } = knobs;
  join(world, peer, 'worker', { pattern: 'simple', dialect, workMs });
  const wire = world.makeWire(peer, 'backend');
  const worker = new SimpleWorkerProcess(world, peer, wire, { dialect, workMs, identitySeed: world.dice.word() });
  world.simpleWorkers.set(peer, worker);
  worker.start();
}

function addClient(world: World, peer: string, knobs: ClientKnobs): void {
  if (world.clients.has(peer)) return;
  const everyMs = knobs.everyMs ?? 0;
  join(world, peer, 'client', { everyMs });
  const client = new ClientProcess(world, peer, world.makeWire(peer, 'frontend'), {
    id: `${peer}-${world.dice.word().toString(16)}`,
    everyMs,
    led: knobs.led,
    timeoutMs: knobs.timeoutMs ?? REQUEST_TIMEOUT_MS,
    tries: knobs.tries ?? REQUEST_TRIES,
    requests: knobs.requests,
    identitySeed: world.dice.word(),
  });
  world.clients.set(peer, client);
  client.start();
}

function remove(world: World, peer: string): void {
  const process = world.find(peer);
  if (!process) return;
  // A frozen process cannot be asked.
  if (process.status === 'paused') process.exit(null);
  else process.command({ type: 'stop' });
  world.workers.delete(peer);
  world.simpleWorkers.delete(peer);
  world.clients.delete(peer);
  world.emit({ t: world.now, type: 'peer.left', peer });
}

function restart(world: World, peer: string, identity: 'same' | 'new'): void {
  const process = find(world, peer);
  if (!process) return;
  world.emit({ t: world.now, type: 'process.restarting', peer, why: 'asked for' });
  // An orderly stop, if it can still hear one.
  process.exit(process.status === 'running' ? 0 : null);
  const identitySeed = world.dice.word();
  if (process instanceof WorkerProcess || process instanceof SimpleWorkerProcess) {
    const fixedIdentity = identity === 'same' ? process.state?.identity : undefined;
    process.settings = { ...process.settings, identitySeed, fixedIdentity };
  } else if (process instanceof ClientProcess) {
    // A new process is a new client: its numbers begin again, so its id must be new [C1].
    const id = `${peer}-${world.dice.word().toString(16)}`;
    process.settings = { ...process.settings, identitySeed, id };
  }
  process.start();
}

function delay(world: World, link: string, delayMs: number, jitterMs: number): void {
  const wire = wireOf(world, link);
  if (!wire) return;
  wire.link = setDelay(wire.link, delayMs, jitterMs);
  world.emit({ t: world.now, type: 'link.delayed', link, delayMs, jitterMs });
  world.watcher?.disturbed?.(link);
}

function disturb(world: World, action: Extract<Action, { readonly link: string }>): void {
  const wire = wireOf(world, action.link);
  if (action.type === 'fault.heal') cure(world, action.fault, 'asked');
  if (!wire) return;
  switch (action.type) {
    case 'fault.apply':
      return applyToLink(world, wire, action.fault, action.ttlMs);
    case 'fault.heal':
      return healLink(world, wire, action.fault, 'asked');
    case 'fault.step':
      return step(world, wire, action.fault);
    case 'message.drop':
      return dropMessage(world, wire);
    case 'message.replay':
      return replay(world, wire, action.direction);
    case 'link.reset':
      return breakOff(world, wire, 'reset');
    case 'link.close':
      return breakOff(world, wire, 'close');
  }
}

function stop(world: World, peer: string): void {
  const process = find(world, peer);
  // A frozen process cannot be asked; a queue has nothing to tidy up.
  if (!process || process === world.queue || process.status === 'paused')
    process?.exit(process === world.queue ? 0 : null);
  else (process as PeerOfWorld).command({ type: 'stop' });
}

function resume(world: World, peer: string, why: 'asked' | 'all'): void {
  for (const fault of ailmentsOf(world, peer)) if (world.ailments.get(fault)?.kind === 'pause') cure(world, fault, why);
}

function healEverything(world: World): void {
  for (const fault of [...world.ailments.keys()]) cure(world, fault, 'all');
  for (const { wire } of world.peers()) {
    for (const { spec } of wire.link.faults) healLink(world, wire, spec.id, 'all');
    world.watcher?.disturbed?.(wire.id);
  }
}

function calm(world: World): void {
  const { delayMs, jitterMs } = world.ground;
  world.calm = true;
  healEverything(world);
  for (const peer of world.peers()) delay(world, peer.wire.id, delayMs, jitterMs);
  if (world.queue.status === 'exited') restart(world, 'queue', 'new');
  for (const worker of world.workers.values()) {
    const still = { crashChance: 0, overloadChance: 0 };
    worker.settings = { ...worker.settings, ...still };
    if (worker.state) worker.state = { ...worker.state, settings: { ...worker.state.settings, ...still } };
  }
  callBack(world);
  world.watcher?.calmed?.();
}

/** Somebody must serve. By simple rules whoever lives may be forgotten for good, so there the first begins anew [SP6]. */
function callBack(world: World): void {
  const isSimple = world.ground.rules === 'simple';
  const workers = [...(isSimple ? world.simpleWorkers.values() : []), ...world.workers.values()];
  const [first] = workers;
  if (first && (isSimple || workers.every((worker) => worker.status === 'exited'))) restart(world, first.peer, 'new');
}
