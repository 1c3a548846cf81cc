// 「为什么」的中文句子：由原因的数据写成人读的一句话。协议自己的词照 ZeroMQ 指南原文。

import type { CauseKind, CauseOf } from '@crows-nest/protocol';
import { due, ends, held, missed, notListed } from './why-fates-zh.ts';
import { ending, whereabouts } from './why-places-zh.ts';
import type { Sentence, Telling } from './why-sentence.ts';
import {
  ago,
  byFault,
  kindName,
  length,
  misaddressed,
  numbered,
  of,
  setting,
  since,
  way,
  whom,
} from './why-terms-zh.ts';

const said = (lead: string, rest: string): Sentence => ({ lead: `${lead}：`, rest: `${rest}。` });

const disturbed =
  (happened: string) =>
  (cause: CauseOf<'message.held' | 'message.corrupted' | 'message.duplicated'>, telling: Telling): Sentence =>
    said(`${way(cause, telling)}${numbered(cause.message, cause.n)} ${happened}`, byFault(cause.by, telling));

type Sentences = { readonly [K in CauseKind]: (cause: CauseOf<K>, telling: Telling) => Sentence };

const tries = (cause: CauseOf<'request.retried' | 'request.abandoned'>, telling: Telling): Sentence =>
  cause.kind === 'request.retried'
    ? said(`${length(cause.waitedUs)}内没有应答，再次请求`, whereabouts(cause.where, telling))
    : said(`试了 ${cause.attempt} 次后放弃 #${cause.n}`, whereabouts(cause.where, telling));

function takenBack(
  { kind, worker, because, heldUs, attempt }: CauseOf<'request.requeued' | 'request.dropped'>,
  telling: Telling,
): Sentence {
  const it = whom(worker, telling);
  const lead = kind === 'request.requeued' ? `从 ${it} 收回，改给别人` : `试了 ${attempt} 次后丢弃`;
  const holding = heldUs === null ? '' : `领到请求 ${length(heldUs)}后`;
  const why = {
    expired: `${it} ${holding}过期`,
    ready: `${it} ${holding}说了 READY，手里的请求已经没了`,
    heldTooLong: `${it} 心跳不断${heldUs === null ? '' : `，${length(heldUs)}`}却没有应答`,
  };
  return said(lead, why[because]);
}

const LISTED_BY = { READY: '它说了 READY', HEARTBEAT: '它发来心跳', REPLY: '它应答了', INVALID: '它说了点什么' };

export const CAUSES: Sentences = {
  'worker.expired': (cause, telling) => {
    const { lastHeardAt, lastKind, beats, ghost, worker, busy } = cause;
    const heard = `最近一次听到它是${ago(lastHeardAt, telling)}${lastKind === null ? '' : `（${kindName(lastKind)}）`}`;
    if (ghost) {
      const whose = worker === null ? '某个连接' : `${telling.name(worker)} 的一个旧连接`;
      return said('已过期', `${heard}；这个名字是 ROUTER 自己起的：${whose}的标识被接管之后，它还读到了剩下的消息`);
    }
    const lead = busy ? '工作中过期' : '已过期';
    const own = beats.filter(({ absence }) => absence.how !== 'notDue');
    if (own.length === 0) return said(lead, `${heard}；它的心跳比队列允许的更稀`);
    if (own.every(({ absence }) => absence.how === 'simple')) {
      return said(lead, `${heard}；它是 Simple Pirate，不向任何人发心跳`);
    }
    return said(lead, `${heard}；${due(own, telling)}；${ends(own, telling)}`);
  },
  'message.lost': (cause, telling) =>
    said(`${way(cause, telling)}${numbered(cause.message, cause.n)} 丢失了`, ending(cause.ending, telling)),
  'message.dropped': (cause, telling) => {
    const { by } = cause;
    const what = by.only === null ? '一切消息' : kindName(by.only);
    const does = by.kind === 'partition' ? '拦住' : '丢弃';
    return said(
      `${way(cause, telling)}${numbered(cause.message, cause.n)} 被丢弃`,
      by.once
        ? `故障 ${by.fault} 只针对这一条`
        : `故障 ${by.fault} ${since(by.sinceAt, telling)}在此链路上${does}${what}`,
    );
  },
  'message.held': disturbed('停在链路上'),
  'message.corrupted': disturbed('被损坏'),
  'message.duplicated': disturbed('又来了一次'),
  'process.paused': ({ peer, by }, telling) =>
    said(`${of(peer, telling)} 的进程被停住（SIGSTOP）`, by === null ? '来自外部' : `故障 ${by.fault} 一直停住它`),
  'message.unrouted': (cause, telling) =>
    said(
      `ROUTER 默默丢弃了${cause.to === null ? '' : `给 ${telling.name(cause.to)} 的`}${kindName(cause.message)}`,
      cause.misaddressed ? `它的地址${misaddressed(cause.misaddressed, telling)}` : ending(cause.ending, telling),
    ),
  'request.retried': tries,
  'request.abandoned': tries,
  'liveness.lost': (cause, telling) => {
    const silent = cause.sinceAt === null ? '一个轮询' : length(telling.t - cause.sinceAt);
    const left = cause.left <= 0 ? '已用尽' : `还剩 ${cause.left} 次`;
    return said(`${silent}没有听到队列，${left}`, missed(cause, telling));
  },
  'worker.backedOff': (cause, telling) => {
    const silent = cause.sinceAt === null ? '一直' : `${length(telling.t - cause.sinceAt)}`;
    const polls = cause.polls > 0 ? `，${cause.polls} 次轮询落空` : '';
    return said(
      '心跳失败，够不到队列',
      `${silent}没有听到任何消息${polls}；${missed(cause, telling)}；${setting(cause.waitMs * 1000)}后再试`,
    );
  },
  'liveness.restored': ({ by, silentUs }) =>
    said('又听到了队列', `${silentUs === null ? '' : `沉默 ${length(silentUs)}之后，`}${kindName(by)}到了`),
  'request.requeued': takenBack,
  'request.dropped': takenBack,
  'reply.refused': (cause, telling) => {
    const when = cause.at === null ? '' : ago(cause.at, telling);
    const why = {
      expired: `它${when}已过期，请求已收回`,
      takenBack: `它的请求${when}已收回`,
      answered: `它的请求${when}已经有了应答`,
      queueRestarted: `队列${when}重新启动，不知道那个请求`,
      another: '它应答的不是正在等的那个请求',
      copy: '它是故障造的副本，原来的应答已经到过',
      stranger: '这个队列从没给过它请求',
    };
    const whose = cause.by === 'queue' ? `${whom(cause.worker, telling)} 的应答被拒收` : '应答被拒收';
    const { damaged } = cause;
    return said(whose, damaged ? `${why[cause.because]}；途中被${byFault(damaged, telling)}损坏` : why[cause.because]);
  },
  'worker.refused': ({ worker, known, by }, telling) =>
    said(
      `${whom(worker, telling)} 没有被列入`,
      `已经有 ${known} 个工作者，列表不再接收${by === null ? '' : `（它发来${kindName(by)}）`}`,
    ),
  'worker.ignored': ({ worker, ...why }, telling) =>
    said(`${whom(worker, telling)} 的心跳不算数，它不在列表里`, notListed(why, telling)),
  'message.invalidated': ({ by, from, message, reason, damaged }, telling) =>
    said(
      `${of(by, telling)}无法理解${from === null ? '' : `${of(from, telling)} 的`}${kindName(message)}`,
      `${INVALID[reason] ?? reason}${damaged ? `：途中被${byFault(damaged, telling)}损坏` : ''}`,
    ),
  'connection.closed': ({ link, ending: end }, telling) =>
    said(`${telling.name(link)} 的连接关闭了`, ending(end, telling)),
  'connection.refused': ({ link, reason, queue, by, sinceAt }, telling) => {
    const when = sinceAt === null ? '' : ago(sinceAt, telling);
    const why = {
      dead: `队列的进程${when}结束了`,
      frozen: `队列的进程${when}被停住（SIGSTOP）`,
      starting: `队列${when}才启动，还没有监听`,
      running: reason,
    };
    return said(`${telling.name(link)} 连不上队列`, by ? byFault(by, telling) : why[queue]);
  },
  'connection.opaqued': ({ link, reason }, telling) => said(`${telling.name(link)} 的连接无法解读`, reason),
  'process.exited': ({ peer, because, code, signal }, telling) => {
    const why = {
      crashed: '按它自己的概率，在刚读到的请求上崩溃了',
      restarted: '正在重新启动',
      removed: '被撤下舞台',
      killed: `被杀死（${signal ?? 'SIGKILL'}）`,
      stopped: '没有别的事要做，正常结束',
      failed: `出错退出，代码 ${code ?? '?'}`,
    };
    return said(`${of(peer, telling)} 的进程结束了`, why[because]);
  },
  'worker.listed': ({ worker, by, sentAt, places }, telling) =>
    said(
      `${whom(worker, telling)} 被列入`,
      `${sentAt === null ? '' : ago(sentAt, telling)}${LISTED_BY[by]}；${places === 1 ? '它排在最前，下一个就是它' : `排第 ${places}`}`,
    ),
  'request.dispatched': (cause, telling) => {
    const { worker, client, attempt, others, headSinceAt, waitedUs, hindrance, hinderedSinceAt } = cause;
    const whose = client === null ? '请求' : `${telling.name(client)} 的请求`;
    const head = headSinceAt === null ? '它在列表最前' : `它自 ${ago(headSinceAt, telling)}起在列表最前`;
    const behind = others === 0 ? '，后面没有别人' : `，后面还有 ${others} 个`;
    const waited = waitedUs === null || waitedUs < 20_000 ? '' : `；请求在入口等了 ${length(waitedUs)}`;
    const again = attempt > 1 ? `（第 ${attempt} 次）` : '';
    const really =
      hindrance === null || hinderedSinceAt === null
        ? ''
        : `；而队列无从知道${held('它', hindrance, hinderedSinceAt, telling)}`;
    return said(`${whose}交给了 ${whom(worker, telling)}${again}`, `${head}${behind}${waited}${really}`);
  },
  'work.started': ({ worker, client, givenAt, forUs }, telling) => {
    const whose = client === null ? '一个请求' : `${telling.name(client)} 的请求`;
    const given = givenAt === null ? '' : `，队列${ago(givenAt, telling)}交给它的`;
    return said(`${telling.name(worker)} 要工作 ${length(forUs)}`, `它读到了${whose}${given}`);
  },
};

/** 机器自己说的理由。 */
export const INVALID: Readonly<Record<string, string>> = {
  'no frames': '没有帧',
  'no envelope': '没有信封',
  'no body': '没有正文',
  'one frame, neither READY nor HEARTBEAT': '只有一帧，既不是 READY 也不是 HEARTBEAT',
  'one frame, not HEARTBEAT': '只有一帧，不是 HEARTBEAT',
};
