// 中文句子里的时间长短与称呼。

import type { Damaged, FaultNamed, Kind, Micros, PassingKind } from '@crows-nest/protocol';
import { exact, type Telling } from './why-sentence.ts';

export const length = (us: Micros): string => (us < 100_000 ? `${Math.round(us / 1000)} 毫秒` : `${exact(us)} 秒`);
export const setting = (us: Micros): string => `${Number((us / 1e6).toFixed(2))} 秒`;
export const ago = (at: Micros, { t }: Telling): string => (t - at < 5000 ? '刚刚' : `${length(t - at)}前`);
export const since = (at: Micros | null, telling: Telling): string =>
  at === null ? '从更早起' : `自 ${ago(at, telling)}起`;
const KINDS: Record<PassingKind, string> = {
  READY: 'READY',
  HEARTBEAT: '心跳',
  REQUEST: '请求',
  REPLY: '应答',
  INVALID: '消息',
  PING: 'ZMTP PING',
  PONG: 'ZMTP PONG',
};
export const kindName = (kind: PassingKind | null): string => (kind === null ? '消息' : KINDS[kind]);
export const numbered = (kind: Kind, n: number | null): string =>
  n === null ? kindName(kind) : `${kindName(kind)} #${n}`;
export const of = (by: string, { name }: Telling): string => (by === 'queue' ? '队列' : name(by));
export const whom = (worker: string | null, { name }: Telling): string =>
  worker === null ? '某个工作者' : name(worker);
export const way = ({ link, direction }: { link: string; direction: string }, { name }: Telling): string =>
  direction === 'toQueue' ? `${name(link)} 发给队列的` : `队列发给 ${name(link)} 的`;

export function does({ kind, mode, only }: FaultNamed): string {
  const what = only === null ? '一切消息' : kindName(only);
  switch (kind) {
    case 'partition':
      return mode === 'jammed' ? `堵住${what}` : mode === 'refused' ? '拒绝连接' : `拦住${what}`;
    case 'hang':
      return '接受连接但不应答';
    case 'hold':
      return `扣住${what}`;
    case 'corrupt':
      return `损坏${DAMAGES[mode ?? ''] ?? what}`;
    case 'duplicate':
      return `重复${what}`;
    case 'bandwidth':
      return `限制${what}的带宽`;
    case 'reorder':
      return `打乱${what}的次序`;
    case 'profile':
      return '使链路成为慢网络';
    case 'delay':
      return `拖延${what}`;
    case 'replay':
      return '重放了一条旧消息';
    case 'reset':
      return '重置了连接';
    case 'close':
      return '关闭了连接';
    default:
      return `丢弃${what}`;
  }
}
const DAMAGES: Readonly<Record<string, string>> = {
  payload: '正文',
  type: '控制消息的类型',
  envelope: '信封',
  structure: '帧的结构',
};

export const byFault = (by: FaultNamed, telling: Telling): string =>
  by.kind === null
    ? `故障 ${by.fault}`
    : by.once
      ? `故障 ${by.fault}（${does(by)}）`
      : `故障 ${by.fault}（${since(by.sinceAt, telling)}${does(by)}）`;

/** 地址。 */
export const misaddressed = (damaged: Damaged, telling: Telling): string =>
  `在${way(damaged, telling)}途中被${byFault(damaged.by, telling)}损坏`;
