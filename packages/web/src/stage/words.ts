// Every word on the stage, in English and Chinese. A word missing in one does not compile.

import type { Kind, Micros } from '@crows-nest/protocol';
import type { Locale } from './scene.ts';

export interface Words {
  seconds: (us: Micros) => string;
  millis: (ms: number) => string;
  ago: (length: string) => string;
  name: (name: string) => string;
  kind: Record<Kind, string>;
  legend: { request: string; reply: string; ready: string; beat: string; invalid: string; lost: string };
  toScale: (delay: string) => string;
  instantLinks: string;
  linkDelay: (delay: string, jitter: string | null) => string;
  bead: string;
  ledger: {
    title: string;
    sum: (sent: string, parts: [string, string, string, string]) => string;
    adds: string;
    fails: string;
  };

  queue: string;
  rules: (rules: string) => string;
  readyList: string;
  listedOf: (listed: number, all: number) => string;
  headFirst: (listed: number) => string;
  next: string;
  expiresIn: (length: string) => string;
  overdue: (length: string) => string;
  oldIdentity: string;
  atWork: string;
  since: (length: string) => string;
  attempt: (n: number) => string;
  forgotten: string;
  unheard: (length: string) => string;
  nobody: string;
  more: (n: number) => string;
  queueGone: string;
  queueFrozen: string;
  queueOverloaded: string;

  doorOpen: string;
  doorClosed: string;
  waiting: (n: number, ghosts: number, drawn: number) => string;

  ready: string;
  listed: string;
  busyWith: (number: string) => string;
  busy: string;
  deaf: string;
  deafNote: (length: string) => string;
  frozenFor: (length: string) => string;
  overloadedFor: (length: string) => string;
  reconnecting: (s: number) => string;
  backOff: (length: string) => string;
  dead: string;
  deadExpired: (length: string) => string;
  exited: (code: number) => string;
  killed: (signal: string) => string;
  left: string;
  unlisted: string;
  connecting: string;
  starting: string;
  disconnected: string;
  guest: string;
  newIdentity: string;
  beatsBothWays: string;
  heardAgo: (length: string, missed: number) => string;
  hearsQueue: (left: number, of: number) => string;
  unread: (n: number) => string;

  plate: { believes: string; truth: string };
  believedReady: string;
  believedNext: string;
  believedUnlisted: string;
  believedAtWork: (number: string | null) => string;
  truthFrozen: string;
  truthOverloaded: string;
  truthDead: string;
  truthReconnecting: string;
  truthDisconnected: string;
  truthDeaf: string;
  truthIdle: string;
  shortParted: {
    frozen: string;
    overloaded: string;
    dead: string;
    reconnecting: string;
    busy: string;
    unlisted: string;
    idle: string;
  };
  short: { frozen: string; overloaded: string; dead: string; reconnecting: string; busy: string };

  waitsFor: (number: string | null, length: string) => string;
  givesUp: (length: string, attempt: number) => string;
  openRequests: (n: number) => string;
  idle: string;
  answered: (n: number) => string;

  fault: { drop: string; delay: string; partition: string };
  everything: string;
  hits: (n: number) => string;
  faults: (n: number) => string;
  /** Beside a disagreement without a process to blame. */
  shortDisconnected: string;
  cause: (cause: string) => string;
  times: (n: number) => string;

  label: {
    belief: (place: number, length: string) => string;
    beliefHead: (length: string) => string;
    notListed: string;
    bands: (left: number, of: number) => string;
    bandsUnknown: string;
    parted: (length: string) => string;
    queue: (listed: number, atWork: number, waiting: number, open: boolean) => string;
    message: (kind: string, number: string | null, to: string) => string;
    atDoor: (number: string | null, ghost: boolean) => string;
    link: (name: string, delay: string, faults: string[]) => string;
    toQueue: string;
    lamps: (tcp: string, zmtp: string, app: string) => string;
    lamp: { yes: string; half: string; no: string; unknown: string };
  };
  summary: (counts: {
    workers: number;
    clients: number;
    listed: number;
    next: string | null;
    waiting: number;
    inFlight: number;
    parted: string[];
    faults: number;
  }) => string;
}

const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;
const secondsText = (us: Micros): string => (Math.max(0, us) / 1e6).toFixed(1);

const en: Words = {
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
  bead: '1 bead = n messages of one link and 100 ms',
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
  doorClosed: 'shut: nobody listed',
  waiting: (n, ghosts, drawn) =>
    drawn < n
      ? `${n} waiting, ${drawn} drawn`
      : `${n - ghosts} waiting${ghosts > 0 ? `, ${count(ghosts, 'ghost')}` : ''}`,

  ready: 'ready',
  listed: 'listed',
  busyWith: (number) => `busy with #${number}`,
  busy: 'busy',
  deaf: 'works, deaf',
  deafNote: (length) => `silent by design, ${length} more`,
  frozenFor: (length) => `frozen for ${length}`,
  overloadedFor: (length) => `overloaded for ${length}`,
  reconnecting: (s) => `reconnecting in ${s} s`,
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

  fault: { drop: 'drop', delay: 'delay', partition: 'stopped' },
  everything: 'all',
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
  times: (n) => `× ${n}`,

  label: {
    belief: (place, length) => `The queue lists it at place ${place}, ${length}.`,
    beliefHead: (length) => `The queue lists it first, ${length}.`,
    notListed: 'The queue does not list it.',
    bands: (left, of) => `Its belief in the queue: ${left} of ${of}.`,
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

const ZH_ROLES: readonly (readonly [RegExp, string])[] = [
  [/^worker[- ]?(?=\d+$)/, '工作者 '],
  [/^client[- ]?(?=\d+$)/, '客户端 '],
  [/^guest[- ]?(?=\d+$)/, '来宾 '],
  [/^queue$/, '队列'],
];
const zhName = (name: string): string => ZH_ROLES.reduce((said, [role, word]) => said.replace(role, word), name);

const zh: Words = {
  seconds: (us) =>
    us < 60e6 ? `${secondsText(us)} 秒` : `${Math.floor(us / 60e6)} 分 ${Math.floor((us / 1e6) % 60)} 秒`,
  millis: (ms) => (ms < 1000 ? `${Math.round(ms)} 毫秒` : `${(ms / 1000).toFixed(1)} 秒`),
  ago: (length) => `${length}前`,
  name: zhName,
  kind: { READY: 'READY', HEARTBEAT: '心跳', REQUEST: '请求', REPLY: '应答', INVALID: '无效消息' },
  legend: { request: '请求', reply: '应答', ready: 'READY', beat: '心跳', invalid: '无效', lost: '丢失' },
  toScale: (delay) => `真实比例:每条链路确实需要 ${delay}`,
  instantLinks: '真实比例:链路没有附加延迟',
  linkDelay: (delay, jitter) => (jitter === null ? delay : `${delay} ±${jitter}`),
  bead: '1 颗珠 = 同一链路 100 毫秒内的 n 条消息',
  ledger: {
    title: '账目',
    sum: (sent, [delivered, dropped, lost, inFlight]) =>
      `发出 ${sent} = 送达 ${delivered} + 丢弃 ${dropped} + 丢失 ${lost} + 在途 ${inFlight}`,
    adds: '✓ 收支相符',
    fails: '≠ 收支不符',
  },

  queue: '队列',
  rules: (rules) => `规则:${rules}`,
  readyList: '就绪列表',
  listedOf: (listed, all) => `${listed} / ${all}`,
  headFirst: (listed) => `${listed} 个,队首在前`,
  next: '下一个',
  expiresIn: (length) => `${length}后过期`,
  overdue: (length) => `已超期 ${length}`,
  oldIdentity: '旧标识',
  atWork: '工作中',
  since: (length) => `已 ${length}`,
  attempt: (n) => `第 ${n} 次`,
  forgotten: '已遗忘',
  unheard: (length) => `${length}没有消息`,
  nobody: '无',
  more: (n) => `+${n}`,
  queueGone: '未运行',
  queueFrozen: '已冻结',
  queueOverloaded: '过载',

  doorOpen: '入口开放',
  doorClosed: '入口关闭:列表为空',
  waiting: (n, ghosts, drawn) =>
    drawn < n ? `${n} 个等待,画出 ${drawn} 个` : `${n - ghosts} 个等待${ghosts > 0 ? `,${ghosts} 个幽灵` : ''}`,

  ready: '就绪',
  listed: '已列出',
  busyWith: (number) => `正在处理 #${number}`,
  busy: '忙碌',
  deaf: '工作中,不听不答',
  deafNote: (length) => `按设计沉默,还有 ${length}`,
  frozenFor: (length) => `已冻结 ${length}`,
  overloadedFor: (length) => `已过载 ${length}`,
  reconnecting: (s) => `${s} 秒后重连`,
  backOff: (length) => `心跳失败,退避 ${length}`,
  dead: '已死亡',
  deadExpired: (length) => `已死亡,${length}前过期`,
  exited: (code) => `已退出,代码 ${code}`,
  killed: (signal) => `被杀死(${signal})`,
  left: '已离开',
  unlisted: '未列出',
  connecting: '正在连接',
  starting: '正在启动',
  disconnected: '连接已断开',
  guest: '来宾',
  newIdentity: '将换新标识',
  beatsBothWays: '双向心跳正常',
  heardAgo: (length, missed) => `${length}前有消息${missed > 0 ? `,错过 ${missed} 次心跳` : ''}`,
  hearsQueue: (left, of) => `对队列的信任 ${left} / ${of}`,
  unread: (n) => `${n} 条未读`,

  plate: { believes: '队列认为 ', truth: '事实 ' },
  believedReady: '就绪',
  believedNext: '就绪,排在队首',
  believedUnlisted: '不存在:未列出',
  believedAtWork: (number) => (number === null ? '工作中' : `正在处理 #${number}`),
  truthFrozen: '已停止,不能应答',
  truthOverloaded: '过载,不应答',
  truthDead: '已死亡',
  truthReconnecting: '已断开,等待重连',
  truthDisconnected: '连接已断开',
  truthDeaf: '正在工作,不听不答',
  truthIdle: '运行中,空闲',
  shortParted: {
    frozen: '冻结 ≠ 就绪',
    overloaded: '过载 ≠ 就绪',
    dead: '死亡 ≠ 就绪',
    reconnecting: '退避 ≠ 就绪',
    busy: '不听 ≠ 就绪',
    unlisted: '空闲 ≠ 未列出',
    idle: '空闲 ≠ 工作中',
  },
  short: { frozen: '冻结', overloaded: '过载', dead: '死亡', reconnecting: '退避', busy: '忙碌' },

  waitsFor: (number, length) => (number === null ? `等待 ${length}` : `等待 #${number},${length}`),
  givesUp: (length, attempt) => `${length}后放弃,第 ${attempt} 次`,
  openRequests: (n) => `${n} 个未完成`,
  idle: '空闲',
  answered: (n) => `已获 ${n} 个应答`,

  fault: { drop: '丢弃', delay: '延迟', partition: '中断' },
  everything: '全部',
  hits: (n) => `命中 ${n} 次`,
  faults: (n) => `${n} 个故障`,
  shortDisconnected: '断开 ≠ 就绪',
  cause: (cause) =>
    ({
      fault: '被故障丢弃',
      connection: '随连接丢失',
      process: '随进程丢失',
      buffer: '缓冲已满而丢失',
      router: '被 ROUTER 静默丢弃',
    })[cause] ?? cause,
  times: (n) => `× ${n}`,

  label: {
    belief: (place, length) => `队列把它列在第 ${place} 位,${length}。`,
    beliefHead: (length) => `队列把它列在队首,${length}。`,
    notListed: '队列没有列出它。',
    bands: (left, of) => `它对队列的信任:${left} / ${of}。`,
    bandsUnknown: '它对队列的信任未知。',
    parted: (length) => `信念与事实不符已 ${length}。`,
    queue: (listed, atWork, waiting, open) =>
      `队列。列出 ${listed} 个,工作中 ${atWork} 个,入口处等待 ${waiting} 个,入口${open ? '开放' : '关闭'}。`,
    message: (kind, number, to) => `${kind}${number === null ? '' : ` #${number}`},正前往${to}。`,
    atDoor: (number, ghost) =>
      `请求${number === null ? '' : ` #${number}`},在队列入口等待${ghost ? ',其客户端已放弃' : ''}。`,
    link: (name, delay, faults) =>
      `${name} 的链路,延迟 ${delay}${faults.length > 0 ? `,${faults.join(';')}` : ',没有故障'}。`,
    toQueue: '队列',
    lamps: (tcp, zmtp, app) => `TCP ${tcp},ZMTP ${zmtp},应用 ${app}。`,
    lamp: { yes: '有应答', half: '按设计沉默', no: '无应答', unknown: '未知' },
  },
  summary: (c) => {
    const next = c.next === null ? '' : `,下一个是 ${c.next}`;
    const parted = c.parted.length === 0 ? '' : `;信念与事实不符:${c.parted.join('、')}`;
    const faults = c.faults === 0 ? '' : `;${c.faults} 个故障生效`;
    return `${c.workers} 个工作者,${c.clients} 个客户端;队列列出 ${c.listed} 个${next};入口处等待 ${c.waiting} 个,在途消息 ${c.inFlight} 条${parted}${faults}。`;
  },
};

export const WORDS: Readonly<Record<Locale, Words>> = { en, zh };
