// 「为什么」的中文句子：由原因的数据写成人读的一句话。协议自己的词照 ZeroMQ 指南原文。

import type {
  Absence,
  Cause,
  CauseKind,
  CauseOf,
  Ending,
  Hindrance,
  Kind,
  Micros,
  MissedBeat,
  NotListed,
  Standing,
  Truth,
  Whereabouts,
} from '@crows-nest/protocol';
import { spacedText } from './spaced.ts';
import { before, exact, gather, rough, type Sentence, type Telling, type WhyWords } from './why-sentence.ts';

const length = (us: Micros): string => (us < 100_000 ? `${Math.round(us / 1000)} 毫秒` : `${exact(us)} 秒`);
const setting = (us: Micros): string => `${Number((us / 1e6).toFixed(2))} 秒`;
const ago = (at: Micros, { t }: Telling): string => (t - at < 5000 ? '刚刚' : `${length(t - at)}前`);
const since = (at: Micros | null, telling: Telling): string => (at === null ? '从更早起' : `自 ${ago(at, telling)}起`);
const KINDS: Record<Kind, string> = {
  READY: 'READY',
  HEARTBEAT: '心跳',
  REQUEST: '请求',
  REPLY: '应答',
  INVALID: '消息',
};
const kindName = (kind: Kind | null): string => (kind === null ? '消息' : KINDS[kind]);
const numbered = (kind: Kind, n: number | null): string => (n === null ? kindName(kind) : `${kindName(kind)} #${n}`);
const of = (by: string, { name }: Telling): string => (by === 'queue' ? '队列' : name(by));
const whom = (worker: string | null, { name }: Telling): string => (worker === null ? '某个工作者' : name(worker));
const way = ({ link, direction }: { link: string; direction: string }, { name }: Telling): string =>
  direction === 'toQueue' ? `${name(link)} 发给队列的` : `队列发给 ${name(link)} 的`;

function held(who: string, hindrance: Hindrance, at: Micros, telling: Telling): string {
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

function fateOf(absence: Absence, many: boolean, telling: Telling, it = many ? '它们' : '它'): string {
  switch (absence.how) {
    case 'dropped': {
      const what = absence.only === null ? '一切消息' : kindName(absence.only);
      return `链路${since(absence.sinceAt, telling)}丢弃${what}（${absence.fault}）`;
    }
    case 'lost':
      return `${it}${LOST[absence.cause]}`;
    case 'underWay':
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
      return `${it}${UNCOUNTED[absence.why]}`;
    case 'unsent':
      return held(absence.by === 'queue' ? '队列' : '它', absence.hindrance, absence.sinceAt, telling);
    case 'unlisted':
      return `队列不向它发心跳：${notListed(absence, telling)}`;
    case 'notDue':
      return absence.lastAt === null ? '还不到发送的时候' : `上一个${ago(absence.lastAt, telling)}发出，下一个刚刚到时`;
    case 'unknown':
      return `${it}为何没来无从得知：来宾的进程看不到`;
  }
}

function notListed({ why, at, ready }: NotListed, telling: Telling): string {
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

function due(beats: readonly MissedBeat[], { t }: Telling): string {
  const times = [...new Set(beats.map(({ dueAt }) => before(dueAt, t)))];
  const shown = times.length > 4 ? [...times.slice(0, 2), '…', times.at(-1)] : times;
  const texts = shown.map((time) => (time === undefined ? '此刻' : time === '…' ? time : `${time} 秒`));
  return `心跳本应在 ${texts.join('、')}发出`;
}

const ends = (beats: readonly MissedBeat[], telling: Telling): string =>
  gather(beats)
    .map(({ absence, count }, index) => `${index > 0 ? '随后' : ''}${fateOf(absence, count > 1, telling)}`)
    .join('；');

function missed(
  { beats, silence }: { readonly beats: readonly MissedBeat[]; readonly silence: Absence | null },
  telling: Telling,
): string {
  const parts = gather(beats).map(({ absence, count }) =>
    fateOf(absence, count > 1, telling, count > 1 ? `队列的 ${count} 条消息` : '队列的消息'),
  );
  if (silence) parts.push(fateOf(silence, false, telling));
  return parts.join('；随后');
}

function ending(end: Ending, telling: Telling): string {
  switch (end.by) {
    case 'exit':
      return `${of(end.of, telling)} 的进程${ago(end.at, telling)}结束了`;
    case 'newSocket':
      return `${of(end.of, telling)} ${ago(end.at, telling)}${AFTER[end.after ?? 'null']}，旧套接字连同没读的消息一起消失`;
    case 'handover':
      return `${of(end.of, telling)} ${ago(end.at, telling)}以同一标识重新连接，ROUTER 把标识交给了新连接`;
    case 'closed':
      return end.end === 'tap'
        ? `它的连接${ago(end.at, telling)}在链路上被切断`
        : `${end.end === 'queue' ? '队列' : '对端'}${ago(end.at, telling)}关闭了连接`;
    case 'resend':
      return `${of(end.of, telling)} 又发了一次，REQ 此时会丢掉还没读的消息`;
    case 'never':
      return '从没有这个标识的连接';
    case 'unknown':
      return '记录里没有它的连接为何结束';
  }
}

const AFTER = {
  backOff: '退避之后打开了新套接字',
  timeout: '不再等待，打开了新套接字',
  null: '打开了新套接字',
} as const;

function whereabouts(where: Whereabouts, telling: Telling): string {
  switch (where.at) {
    case 'client':
      return `请求没有离开客户端：${held('它', where.hindrance, where.sinceAt, telling)}`;
    case 'toQueue':
      return `在去队列的路上，${fateOf(where.absence, false, telling)}`;
    case 'door':
      return `请求${ago(where.sinceAt, telling)}起等在队列入口：${atTheDoor(where, telling)}`;
    case 'queue':
      return inTheQueue(where, telling);
    case 'toWorker':
      return `队列${ago(where.givenAt, telling)}把它交给 ${whom(where.worker, telling)}，${fateOf(where.absence, false, telling)}`;
    case 'worker': {
      const { worker, readAt, hindrance, sinceAt } = where;
      const read = `${telling.name(worker)} ${ago(readAt, telling)}读到了它`;
      if (hindrance === null) return `${read}，还没有应答`;
      return hindrance === 'working' ? `${read}，仍在工作` : `${read}；随后${held('它', hindrance, sinceAt, telling)}`;
    }
    case 'fromWorker':
      return `${telling.name(where.worker)} 已应答，而应答：${fateOf(where.absence, false, telling)}`;
    case 'refused':
      return `队列${ago(where.refusedAt, telling)}拒收了 ${whom(where.worker, telling)} 的应答`;
    case 'toClient':
      return `队列转发了应答，${fateOf(where.absence, false, telling)}`;
    case 'unrouted':
      return `应答${ago(where.unroutedAt, telling)}才到，ROUTER 已不认识客户端的标识`;
    case 'unknown':
      return '从记录里看不出请求在哪里';
  }
}

function atTheDoor({ because, becauseSinceAt }: Extract<Whereabouts, { at: 'door' }>, telling: Telling): string {
  const when = becauseSinceAt === null ? '' : ago(becauseSinceAt, telling);
  switch (because) {
    case 'nobodyListed':
      return becauseSinceAt === null ? '列表里没有工作者' : `自 ${when}起列表里没有工作者`;
    case 'queueDead':
      return `队列的进程${when}结束了`;
    case 'queueFrozen':
      return `队列的进程${when}被停住（SIGSTOP）`;
    case 'queueOverloaded':
      return `队列${when}过载`;
    case 'behind':
      return '前面还有别的请求';
  }
}

function inTheQueue({ how, sinceAt }: Extract<Whereabouts, { at: 'queue' }>, telling: Telling): string {
  const when = ago(sinceAt, telling);
  switch (how) {
    case 'putBack':
      return `队列${when}把它从工作者那里收回，还没有别人可给`;
    case 'dropped':
      return `队列${when}在最后一次尝试后丢弃了它`;
    case 'invalid':
      return `队列${when}无法理解它`;
    case 'unrouted':
      return `队列${when}把它交给一个已经断开的工作者，被 ROUTER 丢弃`;
  }
}

const said = (lead: string, rest: string): Sentence => ({ lead: `${lead}：`, rest: `${rest}。` });
const lone = (text: string): Sentence => ({ lead: `${text}。`, rest: '' });

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

const CAUSES: Sentences = {
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
    return said(lead, `${heard}；${due(own, telling)}；${ends(own, telling)}`);
  },
  'message.lost': (cause, telling) =>
    said(`${way(cause, telling)}${numbered(cause.message, cause.n)} 丢失了`, ending(cause.ending, telling)),
  'message.dropped': (cause, telling) => {
    const { fault, faultKind, only, sinceAt } = cause;
    const what = only === null ? '一切消息' : kindName(only);
    const does = faultKind === 'partition' ? '拦住' : '丢弃';
    return said(
      `${way(cause, telling)}${numbered(cause.message, cause.n)} 被丢弃`,
      `故障 ${fault} ${since(sinceAt, telling)}在此链路上${does}${what}`,
    );
  },
  'message.unrouted': (cause, telling) =>
    said(
      `ROUTER 默默丢弃了${cause.to === null ? '' : `给 ${telling.name(cause.to)} 的`}${kindName(cause.message)}`,
      ending(cause.ending, telling),
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
      stranger: '这个队列从没给过它请求',
    };
    const whose = cause.by === 'queue' ? `${whom(cause.worker, telling)} 的应答被拒收` : '应答被拒收';
    return said(whose, why[cause.because]);
  },
  'worker.refused': ({ worker, known, by }, telling) =>
    said(
      `${whom(worker, telling)} 没有被列入`,
      `已经有 ${known} 个工作者，列表不再接收${by === null ? '' : `（它发来${kindName(by)}）`}`,
    ),
  'worker.ignored': ({ worker, ...why }, telling) =>
    said(`${whom(worker, telling)} 的心跳不算数，它不在列表里`, notListed(why, telling)),
  'message.invalidated': ({ by, from, message, reason }, telling) =>
    said(
      `${of(by, telling)}无法理解${from === null ? '' : `${of(from, telling)} 的`}${kindName(message)}`,
      INVALID[reason] ?? reason,
    ),
  'connection.closed': ({ link, ending: end }, telling) =>
    said(`${telling.name(link)} 的连接关闭了`, ending(end, telling)),
  'connection.refused': ({ link, reason, queue, sinceAt }, telling) => {
    const when = sinceAt === null ? '' : ago(sinceAt, telling);
    const why = {
      dead: `队列的进程${when}结束了`,
      frozen: `队列的进程${when}被停住（SIGSTOP）`,
      starting: `队列${when}才启动，还没有监听`,
      running: reason,
    };
    return said(`${telling.name(link)} 连不上队列`, why[queue]);
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
const INVALID: Readonly<Record<string, string>> = {
  'no frames': '没有帧',
  'no envelope': '没有信封',
  'no body': '没有正文',
  'one frame, neither READY nor HEARTBEAT': '只有一帧，既不是 READY 也不是 HEARTBEAT',
  'one frame, not HEARTBEAT': '只有一帧，不是 HEARTBEAT',
};

// 某一时刻的状况

const live = (at: Micros, { t }: Telling): string => `${rough(t - at)} 秒前`;

function belief(standing: Extract<Standing, { kind: 'worker' }>, telling: Telling): Sentence {
  const { belief: believed, lastHeardAt, missed: beats, intervalUs } = standing;
  const heard = lastHeardAt === null ? '从未听到它' : `最近一次听到它是 ${live(lastHeardAt, telling)}`;
  const beatsMissed = beats.length === 0 ? '' : `，错过了 ${beats.length} 次 ${setting(intervalUs)}一次的心跳`;
  const expiry = (at: Micros): string =>
    at >= telling.t
      ? `若再听不到，${rough(at - telling.t)} 秒后过期：`
      : `已超期 ${rough(telling.t - at)} 秒，尚未清除：`;
  switch (believed.as) {
    case 'listed':
      return { lead: expiry(believed.expiryAt), rest: `${heard}${beatsMissed}。` };
    case 'atWork':
      return believed.expiryAt === null
        ? { lead: '工作中，开口之前被遗忘：', rest: `它 ${live(believed.sinceAt, telling)}领到一个请求。` }
        : {
            lead: expiry(believed.expiryAt),
            rest: `已工作 ${rough(telling.t - believed.sinceAt)} 秒，${heard}${beatsMissed}。`,
          };
    case 'forgotten': {
      const spoke = lastHeardAt !== null && lastHeardAt > believed.at;
      const then = spoke
        ? `它 ${live(lastHeardAt, telling)}又说过话，但只有 READY 或应答才能让它重新列入`
        : `${heard}；在它说 READY 之前，队列什么也不给它`;
      return { lead: `${live(believed.at, telling)}已过期：`, rest: `${then}。` };
    }
    case 'unlisted':
      return { lead: '不在列表里：', rest: `${notListed(believed, telling)}。` };
    case 'noQueue':
      return { lead: '没有谁对它有信念：', rest: `队列的进程 ${live(believed.sinceAt, telling)}结束了。` };
  }
}

function truth({ what, sinceAt, untilAt, signal, connected }: Truth, telling: Telling): string {
  const tcp = connected ? '它的 TCP 连接还在' : '它没有连接';
  const left = untilAt === null ? '' : `，还有 ${rough(untilAt - telling.t)} 秒`;
  const when = sinceAt === null ? '' : ` ${live(sinceAt, telling)}`;
  switch (what) {
    case 'running':
      return connected ? '进程在运行，连接正常。' : '进程在运行，没有连接。';
    case 'working':
      return `进程在工作${left}，按设计不听也不说。`;
    case 'frozen':
      return `进程被停住（SIGSTOP），${tcp}。`;
    case 'overloaded':
      return `进程在忙循环里空转${left}，${connected ? '套接字还应答' : tcp}。`;
    case 'dead':
      return `进程${when}结束了${signal === null ? '' : `（${signal}）`}${connected ? '，而连接看起来还开着' : ''}。`;
    case 'backingOff':
      return `它认为队列失联，${untilAt === null ? '即将' : `${rough(untilAt - telling.t)} 秒后`}打开新套接字。`;
    case 'unknown':
      return connected ? '它是来宾：进程无从得知，连接正常。' : '它是来宾，没有连接。';
  }
}

function waiting(standing: Extract<Standing, { kind: 'client' }>, telling: Telling): Sentence {
  const { request, truth: real } = standing;
  if (!request) {
    return real.what === 'running' ? lone('它没有在等：下一个请求还没到时候') : lone(truth(real, telling).slice(0, -1));
  }
  const { n, attempt, sentAt, timeoutAt, where } = request;
  const due = timeoutAt >= telling.t ? `${rough(timeoutAt - telling.t)} 秒后不再等` : '马上不再等';
  return {
    lead: `自 ${live(sentAt, telling)}起等 #${n}，第 ${attempt} 次，${due}：`,
    rest: `${whereabouts(where, telling)}。${real.what === 'running' ? '' : truth(real, telling)}`,
  };
}

const spaced = ({ lead, rest }: Sentence): Sentence => ({ lead: spacedText(lead), rest: spacedText(rest) });

export const whyZh: WhyWords = {
  cause: (cause: Cause, telling) =>
    spaced((CAUSES[cause.kind] as (cause: Cause, telling: Telling) => Sentence)(cause, telling)),
  standing: (standing, telling) => {
    if (standing.kind === 'client') return spaced(waiting(standing, telling));
    const { lead, rest } = belief(standing, telling);
    return spaced({ lead, rest: `${rest}${truth(standing.truth, telling)}` });
  },
};
