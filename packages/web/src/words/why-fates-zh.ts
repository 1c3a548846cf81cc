// 消息的下落，以及该发、该读它们的一方怎么了：中文分句。

import type { Absence, Hindrance, Micros, MissedBeat, NotListed } from '@crows-nest/protocol';
import { before, gather, type Telling } from './why-sentence.ts';
import { ago, byFault, kindName, of, since } from './why-terms-zh.ts';

export function held(who: string, hindrance: Hindrance, at: Micros, telling: Telling): string {
  const when = ago(at, telling);
  switch (hindrance) {
    case 'dead':
      return `${who}的进程${when}结束了`;
    case 'frozen':
      return `${who}的进程${when}被停住（SIGSTOP）`;
    case 'overloaded':
      return `${who}${when}过载，忙循环占住了它`;
    case 'backingOff':
      return `${who}${when}认为队列失联，进入退避`;
    case 'working':
      return `${who}${when}开始工作，按设计不听也不说`;
    case 'mute':
      return `有故障自 ${when}起使${who}发不出心跳`;
    case 'slow':
      return `有故障自 ${when}起使${who}变慢，迟到就等于沉默`;
    case 'renamed':
      return `${who}${when}换了新标识回来`;
    case 'cutOff':
      return `有故障自 ${when}起使${who}无法建立连接`;
    case 'disconnected':
      return `${who}自 ${when}起没有连接`;
  }
}

const LOST = { connection: '随连接丢失', process: '随该读它的进程丢失', buffer: '因缓冲区满而丢失' } as const;
const UNCOUNTED = { invalid: '读到了但无法理解', refused: '读到了但被拒收', ignored: '读到了但不算数' } as const;

export function fateOf(absence: Absence, many: boolean, telling: Telling, it = many ? '它们' : '它'): string {
  switch (absence.how) {
    case 'dropped': {
      const what = absence.only === null ? '一切消息' : kindName(absence.only);
      return `链路${since(absence.sinceAt, telling)}丢弃${what}（${absence.fault}）`;
    }
    case 'lost':
      return `${it}${LOST[absence.cause]}`;
    case 'held':
      return `${it}自 ${ago(absence.heldAt, telling)}起停在链路上，被${byFault(absence.by, telling)}扣住`;
    case 'underWay':
      if (absence.slowed) {
        const sent = many ? '其中第一条' : it;
        return `${sent}${ago(absence.sentAt, telling)}发出，${many ? '全都' : ''}被${byFault(absence.slowed, telling)}拖晚`;
      }
      return many
        ? `其中第一条${ago(absence.sentAt, telling)}发出，全都仍在途中`
        : `${it}${ago(absence.sentAt, telling)}发出，仍在途中`;
    case 'unread': {
      const { by, hindrance, sinceAt, arrivedAt } = absence;
      const where = `${it}${ago(arrivedAt, telling)}已到${of(by, telling)}而未被读取`;
      return hindrance === null || sinceAt === null
        ? `${where}，还没轮到`
        : `${where}：${held(of(by, telling), hindrance, sinceAt, telling)}`;
    }
    case 'uncounted':
      if (absence.damaged) return `${it}读到时已不是原样：被${byFault(absence.damaged, telling)}损坏`;
      return `${it}${UNCOUNTED[absence.why]}`;
    case 'unsent':
      return held(absence.by === 'queue' ? '队列' : '它', absence.hindrance, absence.sinceAt, telling);
    case 'unlisted':
      return `队列不向它发心跳：${notListed(absence, telling)}`;
    case 'notDue':
      return absence.lastAt === null ? '还不到发送的时候' : `上一个${ago(absence.lastAt, telling)}发出，下一个刚刚到时`;
    case 'simple':
      return absence.of === 'queue' ? '按 simple 规则，队列不向任何人发心跳' : '它是 Simple Pirate，不向任何人发心跳';
    case 'unknown':
      return `${it}为何没来无从得知：来宾的进程看不到`;
  }
}

export function notListed({ why, at, ready }: NotListed, telling: Telling): string {
  const when = at === null ? '之前' : ago(at, telling);
  switch (why) {
    case 'expired':
      return `它${when}过期了`;
    case 'atWork':
      return `它${when}领到一个请求，在应答之前被遗忘`;
    case 'queueRestarted':
      return `队列${when}重新启动，没有听到它的 READY`;
    case 'refused':
      return `列表已满，它${when}被拒绝`;
    case 'notHeard':
      return ready ? `没有听到它的 READY：${fateOf(ready, false, telling)}` : '从未听到它的 READY';
  }
}

export function due(beats: readonly MissedBeat[], { t }: Telling): string {
  const times = [...new Set(beats.map(({ dueAt }) => before(dueAt, t)))];
  const shown = times.length > 4 ? [...times.slice(0, 2), '…', times.at(-1)] : times;
  const texts = shown.map((time) => (time === undefined ? '此刻' : time === '…' ? time : `${time} 秒`));
  return `心跳本应在 ${texts.join('、')}发出`;
}

export const ends = (beats: readonly MissedBeat[], telling: Telling): string =>
  gather(beats)
    .map(({ absence, count }, index) => `${index > 0 ? '随后' : ''}${fateOf(absence, count > 1, telling)}`)
    .join('；');

export function missed(
  { beats, silence }: { readonly beats: readonly MissedBeat[]; readonly silence: Absence | null },
  telling: Telling,
): string {
  const parts = gather(beats).map(({ absence, count }) =>
    fateOf(absence, count > 1, telling, count > 1 ? `队列的 ${count} 条消息` : '队列的消息'),
  );
  if (silence) parts.push(fateOf(silence, false, telling));
  return parts.join('；随后');
}
