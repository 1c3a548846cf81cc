// A caption as parts of one sentence: the nouns know what they name, so that they can carry its glyph and its colour.

import type { Kind } from '@crows-nest/protocol';
import type { Caption } from '../model/caption-data.ts';
import type { Truth } from '../stage/truth.ts';

export type Part =
  | { readonly role: 'text' | 'queue' | 'fault' | 'client'; readonly text: string }
  | { readonly role: 'worker'; readonly text: string; readonly truth: Truth }
  | { readonly role: 'message'; readonly text: string; readonly kind: Kind };

export interface CaptionWords {
  parts(caption: Caption, name: (peer: string) => string): readonly Part[];
}

export const text = (said: string): Part => ({ role: 'text', text: said });
export const queue = (said: string): Part => ({ role: 'queue', text: said });
export const fault = (said: string): Part => ({ role: 'fault', text: said });
export const client = (said: string): Part => ({ role: 'client', text: said });
export const worker = (said: string, truth: Truth = 'running'): Part => ({ role: 'worker', text: said, truth });
export const message = (kind: Kind, said: string): Part => ({ role: 'message', kind, text: said });

/** The sentence as it is read aloud. */
export const plain = (parts: readonly Part[]): string => parts.map((part) => part.text).join('');
