// 中文。协议里的词(READY、HEARTBEAT、ROUTER)保持原样。

import { hopText, secondsText } from './seconds.ts';
import type { Words } from './words.ts';

const ZH_ROLES: readonly (readonly [RegExp, string])[] = [
  [/^worker[- ]?(?=\d+$)/, '工作者 '],
  [/^client[- ]?(?=\d+$)/, '客户端 '],
  [/^guest[- ]?(?=\d+$)/, '来宾 '],
  [/^queue$/, '队列'],
];
const zhName = (name: string): string => ZH_ROLES.reduce((said, [role, word]) => said.replace(role, word), name);

export const zh: Words = {
  seconds: (us) =>
    us < 60e6 ? `${secondsText(us)} 秒` : `${Math.floor(us / 60e6)} 分 ${Math.floor((us / 1e6) % 60)} 秒`,
  millis: (ms) => (ms < 1000 ? `${Math.round(ms)} 毫秒` : `${(ms / 1000).toFixed(1)} 秒`),
  ago: (length) => `${length}前`,
  name: zhName,
  kind: { READY: 'READY', HEARTBEAT: '心跳', REQUEST: '请求', REPLY: '应答', INVALID: '无效消息' },
  legend: { request: '请求', reply: '应答', ready: 'READY', beat: '心跳', invalid: '无效', lost: '丢失' },
  toScale: (delay) => `真实比例：每条链路确实需要 ${delay}`,
  instantLinks: '真实比例：链路没有附加延迟',
  linkDelay: (delay, jitter) => (jitter === null ? delay : `${delay} ±${jitter}`),
  schematic: (hop, drawn, factor) => `示意：${hop} 的一跳画成 ${drawn}，×${factor}`,
  schematicPlain: (drawn) => `示意：每一跳至少画成 ${drawn}`,
  toScaleShort: '真实比例',
  schematicShort: (factor) => `示意 ×${factor}`,
  hop: (us) => hopText(us, { us: '微秒', ms: '毫秒', s: '秒' }),
  bead: '1 点 = 同一链路 100 毫秒内的 n 条消息',
  beadShort: '1 点 = n 条消息',
  comb: '心跳',
  ledger: {
    title: '账目',
    sum: (sent, [delivered, dropped, lost, inFlight]) =>
      `发出 ${sent} = 送达 ${delivered} + 丢弃 ${dropped} + 丢失 ${lost} + 在途 ${inFlight}`,
    adds: '✓ 收支相符',
    fails: '≠ 收支不符',
  },

  queue: '队列',
  rules: (rules) => `规则：${rules}`,
  readyList: '就绪列表',
  listedOf: (listed, all) => `${listed} / ${all}`,
  headFirst: (listed) => `${listed} 个，队首在前`,
  next: '下一个',
  listedMore: (length) => `还列出 ${length}`,
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
  doorShut: '关闭',
  doorClosed: '入口关闭：列表为空',
  waiting: (n, ghosts, drawn) =>
    drawn < n ? `${n} 个等待，画出 ${drawn} 个` : `${n - ghosts} 个等待${ghosts > 0 ? `，${ghosts} 个幽灵` : ''}`,
  atDoorShort: (n) => `入口处 ${n} 个`,

  ready: '就绪',
  listed: '已列出',
  busyWith: (number) => `正在处理 #${number}`,
  busy: '忙碌',
  deaf: '工作中，不听不答',
  deafNote: (length) => `按设计沉默，还有 ${length}`,
  frozenFor: (length) => `已冻结 ${length}`,
  overloadedFor: (length) => `已过载 ${length}`,
  reconnecting: (s) => `${s} 秒后重连`,
  backIn: (s) => `${s} 秒后回来`,
  backOff: (length) => `心跳失败，退避 ${length}`,
  dead: '已死亡',
  deadExpired: (length) => `已死亡，${length}前过期`,
  exited: (code) => `已退出，代码 ${code}`,
  killed: (signal) => `被杀死(${signal})`,
  left: '已离开',
  unlisted: '未列出',
  connecting: '正在连接',
  starting: '正在启动',
  disconnected: '连接已断开',
  guest: '来宾',
  newIdentity: '将换新标识',
  beatsBothWays: '双向心跳正常',
  heardAgo: (length, missed) => `${length}前有消息${missed > 0 ? `，错过 ${missed} 次心跳` : ''}`,
  hearsQueue: (left, of) => `对队列的信任 ${left} / ${of}`,
  unread: (n) => `${n} 条未读`,

  plate: { believes: '队列认为 ', truth: '事实 ' },
  believedReady: '就绪',
  believedNext: '就绪，排在队首',
  believedUnlisted: '不存在：未列出',
  believedAtWork: (number) => (number === null ? '工作中' : `正在处理 #${number}`),
  truthFrozen: '已停止，不能应答',
  truthOverloaded: '过载，不应答',
  truthDead: '已死亡',
  truthReconnecting: '已断开，等待重连',
  truthDisconnected: '连接已断开',
  truthDeaf: '正在工作，不听不答',
  truthIdle: '运行中，空闲',
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

  waitsFor: (number, length) => (number === null ? `等待 ${length}` : `等待 #${number}，${length}`),
  givesUp: (length, attempt) => `${length}后放弃，第 ${attempt} 次`,
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
  causeShort: (cause) =>
    ({ fault: '丢弃', connection: '丢失', process: '丢失', buffer: '缓冲已满', router: '无路由' })[cause] ?? cause,
  times: (n) => `× ${n}`,

  label: {
    is: (name, state) => `${name}，${state}。`,
    belief: (place, length) => `队列把它列在第 ${place} 位，${length}。`,
    beliefHead: (length) => `队列把它列在队首，${length}。`,
    beliefAtWork: (length) => `队列认为它正在工作，${length}。`,
    notListed: '队列没有列出它。',
    unheard: (length) => `队列最后一次听到它是 ${length}前。`,
    bands: (left, of) => `它对队列的信任：${left} / ${of}。`,
    gaveUp: (s) => `它不再信任队列，${s} 秒后重连。`,
    bandsUnknown: '它对队列的信任未知。',
    parted: (length) => `信念与事实不符已 ${length}。`,
    queue: (listed, atWork, waiting, open) =>
      `队列。列出 ${listed} 个，工作中 ${atWork} 个，入口处等待 ${waiting} 个，入口${open ? '开放' : '关闭'}。`,
    message: (kind, number, to) => `${kind}${number === null ? '' : ` #${number}`}，正前往${to}。`,
    atDoor: (number, ghost) =>
      `请求${number === null ? '' : ` #${number}`}，在队列入口等待${ghost ? '，其客户端已放弃' : ''}。`,
    link: (name, delay, faults) =>
      `${name} 的链路，延迟 ${delay}${faults.length > 0 ? `，${faults.join('；')}` : '，没有故障'}。`,
    toQueue: '队列',
    lamps: (tcp, zmtp, app) => `TCP ${tcp}，ZMTP ${zmtp}，应用 ${app}。`,
    lamp: { yes: '有应答', half: '按设计沉默', no: '无应答', unknown: '未知' },
  },
  summary: (c) => {
    const next = c.next === null ? '' : `，下一个是 ${c.next}`;
    const parted = c.parted.length === 0 ? '' : `；信念与事实不符：${c.parted.join('、')}`;
    const faults = c.faults === 0 ? '' : `；${c.faults} 个故障生效`;
    return `${c.workers} 个工作者，${c.clients} 个客户端；队列列出 ${c.listed} 个${next}；入口处等待 ${c.waiting} 个，在途消息 ${c.inFlight} 条${parted}${faults}。`;
  },
};
