// The space-time diagram, in Chinese.

import type { Words } from './words.ts';

export const spacetime: Words['spacetime'] = {
  title: '时空图',
  way: '时间中的事件',
  keys: '上下键在事件间移动，回车选中，+ 和 − 缩放，Alt 加左右键平移，0 显示全部。',
  view: '显示范围',
  all: '显示全部 (0)',
  closer: '放大 (+)',
  wider: '缩小 (−)',
  follow: '跟随播放头',

  micros: (n) => `${n} 微秒`,
  millis: (n) => `${n} 毫秒`,
  seconds: (n) => `${n} 秒`,
  minutes: (n) => `${n} 分`,
  listed: '在列',
  runs: '运行',
  now: '此刻',
  requests: '请求',
  replies: '应答',
  lanes: (n) => `${n} 条泳道`,
  idle: (length, beats) => `空闲 ${length}，${beats} 次心跳`,
  parted: (length) => `信念 ≠ 事实 ${length}`,
  backOff: (length) => `退避 ${length}`,
  everything: '一切消息',
  missed: (beats, length) => `错过 ${beats} 次心跳，每 ${length} 一次`,
  kind: {
    READY: '就绪 READY',
    HEARTBEAT: '心跳 HEARTBEAT',
    REQUEST: '请求 REQUEST',
    REPLY: '应答 REPLY',
    INVALID: '无效消息',
  },
  direction: { toQueue: '发往队列', fromQueue: '来自队列' },

  truth: {
    none: '不在场',
    running: '运行',
    busy: '忙碌',
    frozen: '冻结',
    overloaded: '过载',
    dead: '已死',
    reconnecting: '退避',
    unknown: '不可知：外来者',
  },
  belief: { none: '不在列', listed: '在列', atWork: '被信为在工作' },
  parting: {
    believed: '队列信它，它却不能回应',
    unlisted: '它能工作，队列却没有列出它',
    idle: '队列在等一个它手里没有的应答',
  },
  since: (state, length) => `${state}，已有 ${length}`,

  note: {
    killed: (signal) => (signal === 'SIGKILL' ? '被杀' : `因 ${signal} 结束`),
    exited: (code) => (code === '0' ? '已停止' : `退出，代码 ${code}`),
    crashed: () => '崩溃',
    frozen: () => '冻结',
    resumed: () => '恢复运行',
    overloaded: () => '过载',
    recovered: () => '缓过来了',
    started: () => '重启',
    left: () => '移走',
    backedOff: () => '开始退避',
    expired: (missed) => `过期：${missed}`,
    requeued: (number) => `${number} 放回队列`.trim(),
    gaveUp: (number) => `${number} 放弃`.trim(),
    abandoned: (number) => `${number} 放弃`.trim(),
    unrouted: (what) => `${what} 无人可收`,
    faultHealed: () => '已治愈',
  },
  fault: {
    drop: (what) => `丢弃 ${what}`,
    delay: (what) => `延迟 ${what}`,
    partition: (what) => `隔断 ${what}`,
  },

  hop: (what, from, to) => `从${from}到${to}的 ${what}`,
  sent: (when) => `${when}发出`,
  counted: (requests, replies, losses, length) => `${length}内：请求 ${requests}，应答 ${replies}，丢失 ${losses}`,
  event: (what, who, when) => `${who}：${what}，发生于${when}`,
  first: '没有更早的事件。',
  last: '没有更晚的事件。',
  summary: (lanes, length, requests, replies, losses, parted) =>
    `时空图，${length}：${lanes} 条泳道，请求 ${requests}，应答 ${replies}，丢失 ${losses}，${
      parted === '' ? '没有分歧' : `信念与事实不符：${parted}`
    }。`,
};
