// The secrets of one run [S3]: 128 random bits each, compared in constant time, kept in memory only and never in a log.

import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { AudienceRole } from '@crows-nest/protocol';

const TOKEN = /^[0-9a-f]{32}$/;
/** Of each kind; only the presenter's own terminal and tabs make new ones. */
const KEPT = 64;

export interface Tokens {
  /** Shared by all viewers of the run: their link on the LAN, and what their tabs come back with. */
  readonly view: string;
  /** A fresh launch token, 32 hexadecimal digits. It is good for one exchange. */
  mintLaunch(): string;
  /** Spends a launch token and answers with a presenter's session token; or says that it was spent before, or is none of ours. */
  redeem(launch: string): { session: string } | 'used' | 'unknown';
  roleOf(token: string): AudienceRole | undefined;
}

export function openTokens(): Tokens {
  const view = randomBytes(16);
  const fresh: Buffer[] = [];
  const spent: Buffer[] = [];
  const sessions: Buffer[] = [];
  return {
    view: view.toString('hex'),
    mintLaunch() {
      const token = keep(fresh, randomBytes(16));
      return token.toString('hex');
    },
    redeem(launch) {
      const at = find(fresh, launch);
      const was = find(spent, launch);
      if (at === -1) return was === -1 ? 'unknown' : 'used';
      for (const token of fresh.splice(at, 1)) keep(spent, token);
      return { session: keep(sessions, randomBytes(16)).toString('hex') };
    },
    roleOf(token) {
      const presenter = find(sessions, token) !== -1;
      const viewer = find([view], token) !== -1;
      return presenter ? 'presenter' : viewer ? 'viewer' : undefined;
    },
  };
}

function keep(list: Buffer[], token: Buffer): Buffer {
  list.push(token);
  if (list.length > KEPT) list.shift();
  return token;
}

/** Goes through the whole list, found or not, so that the time taken tells nothing. */
function find(list: readonly Buffer[], token: string): number {
  if (!TOKEN.test(token)) return -1;
  const given = Buffer.from(token, 'hex');
  let found = -1;
  for (const [i, known] of list.entries()) if (timingSafeEqual(known, given)) found = i;
  return found;
}
