// The texts of a block, each kept once: facts refer to them by number. A few names and identities make up most of a trace.

import type { ByteReader, ByteWriter } from './packing-bytes.ts';

export class Texts {
  /** In order of first use: what comes often comes early, and has a short number. */
  readonly list: string[] = [];
  readonly #numbers = new Map<string, number>();

  number(text: string): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    const number = this.list.length;
    this.#numbers.set(text, number);
    this.list.push(text);
    return number;
  }

  write(writer: ByteWriter): void {
    writer.count(this.list.length);
    for (const text of this.list) writer.text(text);
  }
}

export function readTexts(reader: ByteReader): string[] {
  const count = reader.count();
  const texts: string[] = [];
  if (count > reader.left) reader.fail('too many texts');
  for (let i = 0; i < count && reader.fault === undefined; i++) texts.push(reader.text());
  return texts;
}
