// Finding an entry by what somebody types: each word typed begins a word of the entry; Chinese, which has no gaps, is found anywhere.

const HAN = /\p{Script=Han}/u;
const wordsOf = (text: string): string[] =>
  text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');

/** How well it fits, higher is better; 0: not at all. `texts`: the name first, then other words it goes by. */
export function fitOf(query: string, texts: readonly string[]): number {
  const asked = wordsOf(query);
  if (asked.length === 0) return 1;
  const names = texts.map((text) => text.toLowerCase());
  const all = names.flatMap(wordsOf);
  const initials = wordsOf(names[0] ?? '')
    .map((word) => word[0])
    .join('');
  if (asked.length === 1 && asked[0] && asked[0].length > 1 && initials.startsWith(asked[0])) return 2;
  const found = asked.every((part) =>
    HAN.test(part) ? names.some((name) => name.includes(part)) : all.some((word) => word.startsWith(part)),
  );
  if (!found) return 0;
  return names[0]?.startsWith(asked.join(' '))
    ? 4
    : wordsOf(names[0] ?? '').some((w) => w.startsWith(asked[0] ?? ''))
      ? 3
      : 2;
}

/** Those that fit, the best first, else as they were. */
export function find<E>(query: string, entries: readonly E[], textsOf: (entry: E) => readonly string[]): E[] {
  const fits = entries.map((entry) => ({ entry, fit: fitOf(query, textsOf(entry)) }));
  return fits
    .filter(({ fit }) => fit > 0)
    .sort((a, b) => b.fit - a.fit)
    .map(({ entry }) => entry);
}
