// Does an action to a world. What it is asked to do to a peer that is gone or in no state for it does nothing.

import type { Role } from '../events.ts';
import { applyFault, type FaultSpec, healAll, healFault, setDelay } from '../link.ts';
import { CALM_REQUESTS, OVERLOAD_MS, REQUEST_TIMEOUT_MS, REQUEST_TRIES, WORK_MS } from '../timing.ts';
import type { Action, ClientKnobs, WorkerKnobs } from './action.ts';
import type { Wire } from './connection.ts';
import { ClientProcess, SimpleWorkerProcess, WorkerProcess } from './peer-process.ts';
import type { Process } from './process.ts';
import type { World } from './world.ts';

export function perform(world: World, action: Action): void {
  switch (action.type) {
    case 'worker.add':
      return addWorker(world, action.peer, action);
    case 'client.add':
      return addClient(world, action.peer, action);
    case 'client.pace':
      return world.clients.get(action.peer)?.command({ type: 'pace', everyMs: action.everyMs });
    case 'peer.remove':
      return remove(world, action.peer);
    case 'process.kill':
      return find(world, action.peer)?.exit(null);
    case 'process.pause':
      return find(world, action.peer)?.pause();
    case 'process.resume':
      return find(world, action.peer)?.resume();
    case 'process.overload':
      return find(world, action.peer)?.overload(action.ms);
    case 'process.restart':
      return restart(world, action.peer, action.identity ?? 'new');
    case 'link.delay':
      return delay(world, action.link, action.delayMs, action.jitterMs);
    case 'fault.apply':
      return apply(world, action.link, action.fault);
    case 'fault.heal':
      return heal(world, action.link, action.fault);
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

function apply(world: World, link: string, fault: FaultSpec): void {
  const wire = wireOf(world, link);
  if (!wire) return;
  wire.change(applyFault(wire.link, fault));
  const { id, kind, seed, extraMs, jitterMs, selector } = fault;
  const { direction, kind: message, nth, count, probability } = selector;
  const chosen = { direction, message, nth, count, probability, extraMs, jitterMs };
  const given = Object.fromEntries(Object.entries(chosen).filter(([, value]) => value !== undefined));
  world.emit({ t: world.now, type: 'fault.applied', fault: id, link, kind, seed, ...given });
  world.watcher?.disturbed?.(link);
}

function heal(world: World, link: string, fault: string): void {
  const wire = wireOf(world, link);
  const healed = wire && healFault(wire.link, fault);
  if (!wire || !healed || healed === wire.link) return;
  wire.change(healed);
  world.emit({ t: world.now, type: 'fault.healed', fault, link });
  world.watcher?.disturbed?.(link);
}

function healEverything(world: World): void {
  for (const { wire } of world.peers()) {
    for (const { spec } of wire.link.faults)
      world.emit({ t: world.now, type: 'fault.healed', fault: spec.id, link: wire.id });
    wire.change(healAll(wire.link));
    world.watcher?.disturbed?.(wire.id);
  }
}

function calm(world: World): void {
  const { delayMs, jitterMs } = world.ground;
  world.calm = true;
  healEverything(world);
  for (const peer of world.peers()) delay(world, peer.wire.id, delayMs, jitterMs);
  for (const process of [world.queue, ...world.peers()]) process.resume();
  if (world.queue.status === 'exited') restart(world, 'queue', 'new');
  for (const worker of world.workers.values()) {
    const still = { crashChance: 0, overloadChance: 0 };
    worker.settings = { ...worker.settings, ...still };
    if (worker.state) worker.state = { ...worker.state, settings: { ...worker.state.settings, ...still } };
  }
  const workers = [...world.workers.values()];
  const first = workers[0];
  if (first && workers.every((worker) => worker.status === 'exited')) restart(world, first.peer, 'new');
  world.watcher?.calmed?.();
}
