// Looking for facts of some types in a chunk, by its column of types alone: no fact is read.

import { type EventType, typeNumber } from '@crows-nest/protocol';
import { type Chunk, JUMP } from './chunk.ts';

/** 1 at the number of each type that is meant. */
export type Mask = Uint8Array;

/** Callers ask again and again with lists that stand in their files. */
const masks = new WeakMap<readonly EventType[], Mask>();

export function maskOf(types: readonly EventType[]): Mask {
  let mask = masks.get(types);
  if (!mask) {
    mask = new Uint8Array(JUMP + 1);
    for (const type of types) mask[typeNumber(type)] = 1;
    masks.set(types, mask);
  }
  return mask;
}

/** Without a mask any fact is meant; a jump is none. */
export const matches = (chunk: Chunk, at: number, mask: Mask | undefined): boolean =>
  mask ? mask[chunk.type(at)] === 1 : chunk.type(at) !== JUMP;

const counted = (chunk: Chunk, type: EventType): number => chunk.counts[typeNumber(type)] ?? 0;

/** Whether the chunk has any of these. */
export const has = (chunk: Chunk, types: readonly EventType[] | undefined): boolean =>
  types === undefined || types.some((type) => counted(chunk, type) > 0);

export function countIn(chunk: Chunk, start: number, stop: number, types: readonly EventType[]): number {
  const mask = maskOf(types);
  let count = 0;
  if (start === 0 && stop === chunk.size) for (const type of new Set(types)) count += counted(chunk, type);
  else for (let at = start; at < stop; at++) if (matches(chunk, at, mask)) count++;
  return count;
}

/** The place of the first that is meant, or of the last. −1: there is none. */
export function findIn(chunk: Chunk, start: number, stop: number, mask: Mask | undefined, last: boolean): number {
  const step = last ? -1 : 1;
  for (let at = last ? stop - 1 : start; at >= start && at < stop; at += step) if (matches(chunk, at, mask)) return at;
  return -1;
}
