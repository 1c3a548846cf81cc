// English. Words of the protocol are the ZeroMQ guide's own.

import { hopText, secondsText } from './seconds.ts';
import type { Words } from './words.ts';

const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;

export const en: Words = {
  seconds: (us) =>
    us < 60e6 ? `${secondsText(us)} s` : `${Math.floor(us / 60e6)} min ${Math.floor((us / 1e6) % 60)} s`,
  millis: (ms) => (ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`),
  ago: (length) => `${length} ago`,
  name: (name) => name.replace(/^(worker|client|guest)-(?=\d+$)/, '$1 '),
  kind: { READY: 'READY', HEARTBEAT: 'HEARTBEAT', REQUEST: 'REQUEST', REPLY: 'REPLY', INVALID: 'invalid' },
  legend: { request: 'request', reply: 'reply', ready: 'READY', beat: 'heartbeat', invalid: 'invalid', lost: 'lost' },
  toScale: (delay) => `to scale: each link really takes ${delay}`,
  instantLinks: 'to scale: links add no delay',
  linkDelay: (delay, jitter) => (jitter === null ? delay : `${delay} ±${jitter}`),
  schematic: (hop, drawn, factor) => `schematic: a hop of ${hop} is drawn as ${drawn}, ×${factor}`,
  schematicPlain: (drawn) => `schematic: each hop is drawn as at least ${drawn}`,
  toScaleShort: 'to scale',
  schematicShort: (factor) => `schematic ×${factor}`,
  hop: (us) => hopText(us),
  bead: '1 dot = n messages of one link and 100 ms',
  beadShort: '1 dot = n messages',
  comb: 'beats',
  ledger: {
    title: 'ledger',
    sum: (sent, [delivered, dropped, lost, inFlight]) =>
      `${sent} sent = ${delivered} delivered + ${dropped} dropped + ${lost} lost + ${inFlight} in flight`,
    adds: '✓ adds up',
    fails: '≠ does not add up',
  },

  queue: 'queue',
  rules: (rules) => `rules: ${rules}`,
  readyList: 'READY LIST',
  listedOf: (listed, all) => `${listed} of ${all}`,
  headFirst: (listed) => `${listed}, head first`,
  next: 'next',
  listedMore: (length) => `listed ${length} more`,
  expiresIn: (length) => `expires in ${length}`,
  overdue: (length) => `overdue for ${length}`,
  oldIdentity: 'old identity',
  atWork: 'AT WORK',
  since: (length) => `since ${length}`,
  attempt: (n) => `try ${n}`,
  forgotten: 'FORGOTTEN',
  unheard: (length) => `unheard for ${length}`,
  nobody: 'nobody',
  more: (n) => `+${n}`,
  queueGone: 'not running',
  queueFrozen: 'frozen',
  queueOverloaded: 'overloaded',

  doorOpen: 'door open',
  doorShut: 'shut',
  doorClosed: 'shut: nobody listed',
  waiting: (n, ghosts, drawn) =>
    drawn < n
      ? `${n} waiting, ${drawn} drawn`
      : `${n - ghosts} waiting${ghosts > 0 ? `, ${count(ghosts, 'ghost')}` : ''}`,
  atDoorShort: (n) => `${n} at the door`,

  ready: 'ready',
  listed: 'listed',
  busyWith: (number) => `busy with #${number}`,
  busyGiven: (number, given) => `busy #${number}, given #${given}`,
  busy: 'busy',
  deaf: 'works, deaf',
  deafNote: (length) => `silent by design, ${length} more`,
  frozenFor: (length) => `frozen for ${length}`,
  overloadedFor: (length) => `overloaded for ${length}`,
  reconnecting: (s) => `reconnecting in ${s} s`,
  backIn: (s) => `back in ${s} s`,
  backOff: (length) => `heartbeat failure, back-off ${length}`,
  dead: 'dead',
  deadExpired: (length) => `dead, expired ${length} ago`,
  exited: (code) => `exited with code ${code}`,
  killed: (signal) => `killed (${signal})`,
  left: 'gone',
  unlisted: 'not listed',
  connecting: 'connecting',
  starting: 'starting',
  disconnected: 'connection gone',
  guest: 'guest',
  newIdentity: 'new identity next',
  beatsBothWays: 'beats both ways',
  heardAgo: (length, missed) => `heard ${length} ago${missed > 0 ? `, ${count(missed, 'beat')} missed` : ''}`,
  hearsQueue: (left, of) => `hears the queue ${left} of ${of}`,
  unread: (n) => `${n} unread`,

  plate: { believes: 'queue believes ', truth: 'truth ' },
  believedReady: 'ready',
  believedNext: 'ready, next in line',
  believedUnlisted: 'nothing: not listed',
  believedAtWork: (number) => (number === null ? 'at work' : `at work on #${number}`),
  truthFrozen: 'stopped, cannot answer',
  truthOverloaded: 'overloaded, does not answer',
  truthDead: 'dead',
  truthReconnecting: 'gone, reconnecting',
  truthDisconnected: 'connection gone',
  truthDeaf: 'working, deaf and silent',
  truthIdle: 'running, idle',
  shortParted: {
    frozen: 'frozen ≠ ready',
    overloaded: 'overloaded ≠ ready',
    dead: 'dead ≠ ready',
    reconnecting: 'back-off ≠ ready',
    busy: 'deaf ≠ ready',
    unlisted: 'idle ≠ unlisted',
    idle: 'idle ≠ at work',
  },
  short: { frozen: 'frozen', overloaded: 'overloaded', dead: 'dead', reconnecting: 'back-off', busy: 'busy' },

  waitsFor: (number, length) => (number === null ? `waits, ${length}` : `waits for #${number}, ${length}`),
  givesUp: (length, attempt) => `gives up in ${length}, try ${attempt}`,
  openRequests: (n) => `${n} open`,
  idle: 'idle',
  answered: (n) => `${n} answered`,

  fault: {
    drop: 'drop',
    corrupt: 'corrupt',
    duplicate: 'duplicate',
    bandwidth: 'narrow',
    delay: 'delay',
    reorder: 'reorder',
    profile: 'network',
    hold: 'hold',
    partition: 'stopped',
    hang: 'silence',
    pause: 'frozen',
    slow: 'slow',
    mute: 'mute',
  },
  cut: { jammed: 'jammed', refused: 'refused' },
  profile: {
    lan: 'LAN',
    'conference-wifi': 'Wi-Fi',
    '3g': '3G',
    satellite: 'satellite',
    transatlantic: 'transatlantic',
  },
  everything: 'all',
  wholeSeconds: (s) => `${s} s`,
  hits: (n) => count(n, 'hit'),
  faults: (n) => count(n, 'fault'),
  shortDisconnected: 'gone ≠ ready',
  cause: (cause) =>
    ({
      fault: 'dropped by a fault',
      connection: 'lost with the connection',
      process: 'lost with the process',
      buffer: 'lost, buffer full',
      router: 'silent drop by ROUTER',
    })[cause] ?? cause,
  causeShort: (cause) =>
    ({ fault: 'dropped', connection: 'lost', process: 'lost', buffer: 'buffer full', router: 'no route' })[cause] ??
    cause,
  times: (n) => `× ${n}`,

  label: {
    is: (name, state) => `${name}, ${state}.`,
    belief: (place, length) => `The queue lists it at place ${place}, ${length}.`,
    beliefHead: (length) => `The queue lists it first, ${length}.`,
    beliefAtWork: (length) => `The queue holds it to be at work, ${length}.`,
    notListed: 'The queue does not list it.',
    unheard: (length) => `The queue last heard it ${length} ago.`,
    bands: (left, of) => `Its belief in the queue: ${left} of ${of}.`,
    gaveUp: (s) => `It no longer believes in the queue and reconnects in ${s} s.`,
    bandsUnknown: 'Its belief in the queue is not known.',
    parted: (length) => `Belief and truth differ for ${length}.`,
    queue: (listed, atWork, waiting, open) =>
      `queue. ${listed} listed, ${atWork} at work, ${waiting} waiting at its door, which is ${open ? 'open' : 'shut'}.`,
    message: (kind, number, to) => `${kind}${number === null ? '' : ` #${number}`} on its way to ${to}.`,
    atDoor: (number, ghost) =>
      `REQUEST${number === null ? '' : ` #${number}`} waiting at the queue's door${ghost ? ', its client gave up' : ''}.`,
    link: (name, delay, faults) =>
      `Link of ${name}, delay ${delay}${faults.length > 0 ? `, ${faults.join('; ')}` : ', no fault'}.`,
    toQueue: 'the queue',
    lamps: (tcp, zmtp, app) => `TCP ${tcp}, ZMTP ${zmtp}, application ${app}.`,
    lamp: { yes: 'answers', half: 'silent by design', no: 'does not answer', unknown: 'not known' },
  },
  summary: (c) => {
    const head = `${count(c.workers, 'worker')} and ${count(c.clients, 'client')}; the queue lists ${c.listed}`;
    const next = c.next === null ? '' : `, next is ${c.next}`;
    const parted = c.parted.length === 0 ? '' : `; belief and truth differ for ${c.parted.join(', ')}`;
    const faults = c.faults === 0 ? '' : `; ${count(c.faults, 'active fault')}`;
    return `${head}${next}; ${c.waiting} waiting at the door, ${count(c.inFlight, 'message')} in flight${parted}${faults}.`;
  },
};
