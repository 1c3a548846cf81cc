// Why：原因与说明周围的标签，中文。句子本身见 why-causes-zh.ts。

import type { Words } from './words.ts';

export const why: Words['why'] = {
  title: '为什么？',
  evidence: '依据',
  seek: (what) => `把画面移到：${what}`,
  seekShort: '去看',
  noCause: '它就是自己的原因：记录里没有更早的缘由。',
  gone: '它已不在日志里。',
  happened: '它经历了什么',
  nothing: '没有特别的事。',
  around: (name) => `${name} 的前后`,
  at: (clock) => `在 ${clock}`,
  caption: '一句话',
};
