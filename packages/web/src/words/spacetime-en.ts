// The space-time diagram, in English.

export const spacetime = {
  title: 'Space-time diagram',
  way: 'Events in time',
  keys: 'Up and Down go from event to event, Enter selects, + and − zoom, Alt with Left or Right moves the view, 0 shows all.',
  view: 'Part shown',
  all: 'Show all (0)',
  closer: 'Zoom in (+)',
  wider: 'Zoom out (−)',
  follow: 'Follow the playhead',

  micros: (n: string) => `${n} µs`,
  millis: (n: string) => `${n} ms`,
  seconds: (n: string) => `${n} s`,
  minutes: (n: string) => `${n} min`,
  listed: 'listed',
  runs: 'runs',
  now: 'now',
  requests: 'requests',
  replies: 'replies',
  lanes: (n: number) => (n === 1 ? '1 lane' : `${n} lanes`),
  idle: (length: string, beats: number) => `${length} idle, ${beats === 1 ? '1 beat' : `${beats} beats`}`,
  parted: (length: string) => `belief ≠ truth ${length}`,
  backOff: (length: string) => `back-off ${length}`,
  everything: 'everything',
  missed: (beats: number, length: string) =>
    beats === 1 ? `1 beat of ${length} missed` : `${beats} beats of ${length} missed`,
  kind: { READY: 'READY', HEARTBEAT: 'HEARTBEAT', REQUEST: 'REQUEST', REPLY: 'REPLY', INVALID: 'invalid' },
  direction: { toQueue: 'to the queue', fromQueue: 'from the queue' },

  truth: {
    none: 'not there',
    running: 'running',
    busy: 'busy',
    frozen: 'frozen',
    overloaded: 'overloaded',
    dead: 'dead',
    reconnecting: 'back-off',
    unknown: 'not known: a guest',
  },
  belief: { none: 'not listed', listed: 'listed', atWork: 'believed at work' },
  parting: {
    believed: 'the queue believes in it, and it cannot answer',
    unlisted: 'it could work, and the queue does not list it',
    idle: 'the queue waits for an answer that it does not have',
  },
  since: (state: string, length: string) => `${state} for ${length}`,

  note: {
    killed: (signal: string) => (signal === 'SIGKILL' ? 'killed' : `ended by ${signal}`),
    exited: (code: string) => (code === '0' ? 'stopped' : `exited, code ${code}`),
    crashed: () => 'crashed',
    frozen: () => 'frozen',
    resumed: () => 'resumed',
    overloaded: () => 'overloaded',
    recovered: () => 'recovered',
    started: () => 'restarted',
    left: () => 'removed',
    backedOff: () => 'backs off',
    expired: (missed: string) => `expired: ${missed}`,
    requeued: (number: string) => `${number} put back`.trim(),
    gaveUp: (number: string) => `${number} given up`.trim(),
    abandoned: (number: string) => `${number} given up`.trim(),
    unrouted: (what: string) => `${what} to nobody`,
    faultHealed: () => 'healed',
  },
  fault: {
    drop: (what: string) => `drop ${what}`,
    delay: (what: string) => `delay ${what}`,
    partition: (what: string) => `cut off: ${what}`,
  },

  hop: (what: string, from: string, to: string) => `${what}, ${from} → ${to}`,
  sent: (when: string) => `sent ${when}`,
  counted: (requests: number, replies: number, losses: number, length: string) =>
    `in ${length}: ${requests} requests, ${replies} replies, ${losses} lost`,
  event: (what: string, who: string, when: string) => `${who}: ${what}, ${when}`,
  first: 'No earlier event.',
  last: 'No later event.',
  summary: (lanes: number, length: string, requests: number, replies: number, losses: number, parted: string) =>
    `Space-time diagram of ${length}: ${lanes} lanes, ${requests} requests, ${replies} replies, ${losses} lost, ${
      parted === '' ? 'no disagreement' : `belief and truth differ for ${parted}`
    }.`,
} as const;
