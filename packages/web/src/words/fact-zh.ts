// 用平常话说出记录里的任何一条事实；关于消息的，前面先说它的种类。

import type { EventOf, FaultKind } from '@crows-nest/protocol';
import type { FactWords } from './fact-en.ts';

const KINDS: Readonly<Record<string, string>> = {
  HEARTBEAT: '心跳',
  REQUEST: '请求',
  REPLY: '应答',
  INVALID: '无效消息',
};
const kindName = (kind: string): string => KINDS[kind] ?? kind;
export const FAULTS_ZH: Readonly<Record<FaultKind, string>> = {
  drop: '丢弃',
  corrupt: '损坏',
  duplicate: '重复',
  bandwidth: '限制带宽于',
  delay: '延迟',
  reorder: '打乱',
  profile: '模拟网络于',
  hold: '扣住',
  partition: '隔断',
  hang: '接受连接但不应答',
  pause: '停住进程（SIGSTOP）',
  slow: '工作变慢',
  mute: '不发心跳',
};
const CUTS = { stopped: '隔断', jammed: '堵住', refused: '拒绝' } as const;
const DAMAGES = {
  payload: '内容里的一位',
  type: '它所说的类型',
  envelope: '地址里的一位',
  structure: '帧的结构',
} as const;
const AIMED_AT_PROCESS: ReadonlySet<FaultKind> = new Set(['pause', 'slow', 'mute']);
const HEALED = { asked: '解除', expired: '到时自行解除', all: '随全部一起解除', ended: '随它所在之处结束' };
const STRUCK = { drop: '丢弃一条消息', replay: '重放一条旧消息', reset: '重置连接', close: '关闭连接' };

function faultText({ kind, mode, message }: EventOf<'fault.applied'>): string {
  const does = mode !== undefined && mode in CUTS ? CUTS[mode as keyof typeof CUTS] : FAULTS_ZH[kind];
  if (AIMED_AT_PROCESS.has(kind)) return does;
  return `${does}${message === undefined ? '一切消息' : kindName(message)}`;
}

const ENDS: Readonly<Record<string, string>> = { peer: '对端', queue: '队列', tap: '链路' };
const numbered = ({ kind, n }: { kind: string; n?: number | undefined }): string =>
  n === undefined ? kindName(kind) : `${kindName(kind)} #${n}`;
const s = (us: number): string => `${(us / 1e6).toFixed(1)} 秒`;
const seconds = (ms: number): string => s(ms * 1000);

export const factZh: FactWords = {
  'run.started': () => '运行开始',
  'peer.joined': ({ peer }, name) => `${name(peer)} 上台`,
  'peer.left': ({ peer }, name) => `${name(peer)} 下台`,
  'process.started': ({ pid }) => `进程启动，进程号 ${pid}`,
  'process.exited': ({ signal, code }) =>
    signal === null ? `进程退出，代码 ${code ?? '?'}` : `进程被杀死（${signal}）`,
  'process.paused': () => '进程被停住（SIGSTOP）',
  'process.resumed': () => '进程恢复运行（SIGCONT）',
  'process.restarting': () => '进程正在重启',
  'process.overloaded': ({ t, untilAt }) => `过载 ${s(untilAt - t)}`,
  'process.recovered': () => '过载结束',
  'client.paced': ({ everyMs }) => `改为每 ${seconds(everyMs)}请求一次`,
  'link.delayed': ({ delayMs }) => `链路延迟设为 ${Math.round(delayMs)} 毫秒`,
  'connection.opened': () => '连接建立',
  'connection.greeted': ({ by }) => (by === 'peer' ? '对端完成握手' : '队列完成握手'),
  'connection.opaqued': () => '连接变得无法解读',
  'connection.refused': () => '连接被拒绝',
  'connection.closed': ({ by }) => `连接由${ENDS[by]}关闭`,
  'message.entered': (fact, name) =>
    fact.direction === 'toQueue'
      ? `${name(fact.link)} 发出${numbered(fact)}`
      : `发给 ${name(fact.link)} 的${numbered(fact)}`,
  'message.left': () => '离开链路',
  'message.dropped': ({ fault }) => `被 ${fault} 丢弃`,
  'message.lost': () => '丢失',
  'message.corrupted': ({ fault, mode }) => `被 ${fault} 损坏：${DAMAGES[mode]}`,
  'message.duplicated': ({ fault }) => `是 ${fault} 造的副本`,
  'message.held': ({ fault }) => `被 ${fault} 扣在链路上`,
  'message.released': ({ fault }) => `被 ${fault} 放行`,
  'command.passed': ({ link, direction, name: said }, name) =>
    direction === 'toQueue' ? `${name(link)} 的 ZMTP ${said}` : `发给 ${name(link)} 的 ZMTP ${said}`,
  'command.dropped': ({ link, direction, name: said, fault }, name) =>
    `${direction === 'toQueue' ? name(link) : `发给 ${name(link)} `}的 ZMTP ${said} 被 ${fault} 丢弃`,
  'fault.applied': (fact) => `故障 ${fact.fault} 生效：${faultText(fact)}`,
  'fault.healed': ({ fault, why }) => `故障 ${fault} ${HEALED[why]}`,
  'fault.struck': ({ fault, kind }) => `故障 ${fault} 生效一次：${STRUCK[kind]}`,
  'message.read': ({ peer }, name) => `被${peer === 'queue' ? '队列' : name(peer)} 读取`,
  'message.invalidated': () => '消息无法理解',
  'message.unrouted': ({ kind }) => `${kindName(kind)}被 ROUTER 丢弃`,
  'queue.started': ({ rules }) => `队列以空列表开始，规则 ${rules}`,
  'worker.listed': ({ workerPeer, by }, name) =>
    `${workerPeer === undefined ? '工作者' : name(workerPeer)} 被列入（${kindName(by)}）`,
  'worker.refreshed': ({ moved }) => (moved ? '移到列表末尾' : '及时听到'),
  'worker.expired': ({ workerPeer }, name) => `${workerPeer === undefined ? '工作者' : name(workerPeer)} 过期`,
  'worker.refused': () => '列表已满，没有列入',
  'worker.ignored': () => '心跳不算数：不在列表里',
  'request.dispatched': ({ workerPeer, clientPeer }, name) =>
    `${clientPeer === undefined ? '' : `${name(clientPeer)} 的`}请求交给 ${workerPeer === undefined ? '工作者' : name(workerPeer)}`,
  'request.requeued': ({ workerPeer }, name) => `请求${workerPeer === undefined ? '' : `从 ${name(workerPeer)} `}收回`,
  'request.dropped': ({ tries }) => `第 ${tries} 次之后丢弃请求`,
  'reply.forwarded': ({ clientPeer }, name) => `应答转发${clientPeer === undefined ? '' : `给 ${name(clientPeer)}`}`,
  'reply.refused': () => '应答被拒收',
  'worker.opened': () => '新套接字、新连接，发出 READY',
  'liveness.lost': ({ left }) => `一次轮询落空，还剩 ${left} 次`,
  'liveness.restored': () => '又听到队列',
  'worker.backedOff': ({ waitMs }) => `心跳失败，够不到队列：退避 ${seconds(waitMs)}`,
  'work.started': ({ t, untilAt }) => `开始工作，${s(untilAt - t)}`,
  'work.finished': () => '工作完成',
  'worker.crashed': () => '崩溃',
  'client.opened': () => '新套接字，新标识',
  'request.sent': ({ n, attempt }) => `请求 #${n} 发出，第 ${attempt} 次`,
  'request.answered': ({ n, roundTripUs }) => `请求 #${n} 得到应答，用时 ${s(roundTripUs)}`,
  'request.retried': ({ n, attempt }) => `没有应答，再发请求 #${n}：第 ${attempt} 次`,
  'request.abandoned': ({ n, tries }) => `试了 ${tries} 次后放弃请求 #${n}`,
};
