// What goes over the pipe between an actor and the bridge: newline-delimited JSON, facts one way and orders the other.

import type { Fact, Impairment, Micros } from '@crows-nest/protocol';

/** A fact without its time and peer: the first is added here, the second by the bridge, which knows whose pipe this is. */
export type ActorFact = Fact extends infer F ? (F extends unknown ? Omit<F, 't' | 'peer'> : never) : never;

/** What an actor says over its pipe: a batch a line, times and facts in turn; or where a queue has bound. */
export type ActorLine = readonly (Micros | ActorFact)[] | { readonly bound: Bound };
export interface Bound {
  readonly frontend: string;
  readonly backend: string;
}

/** What the bridge says to an actor. */
export type ActorOrder =
  | { readonly do: 'overload'; readonly ms: number }
  | { readonly do: 'pace'; readonly everyMs: number }
  | { readonly do: 'ask' }
  | { readonly do: 'impair'; readonly impairment: Impairment }
  | { readonly do: 'stop' };

/** Calls back with each whole line of a stream. */
export function eachLine(stream: NodeJS.ReadableStream, onLine: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    rest += text;
    for (let at = rest.indexOf('\n'); at >= 0; at = rest.indexOf('\n')) {
      const line = rest.slice(0, at);
      rest = rest.slice(at + 1);
      onLine(line);
    }
  });
}
