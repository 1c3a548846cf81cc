// 中文句子里的时间长短与称呼。

import type { Kind, Micros, PassingKind } from '@crows-nest/protocol';
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
