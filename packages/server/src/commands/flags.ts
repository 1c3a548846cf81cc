// Command-line flags as data: the same table reads them, checks them and prints --help. A bad flag is one clear line and exit 2 [P5].

import { parseArgs } from 'node:util';

/** The user's mistake, said in one line. Whoever catches it prints it and exits with 2. */
export class UsageError extends Error {}

export interface Flag<T> {
  readonly hint: string;
  readonly help: string;
  /** Left out of --help: for our own processes. */
  readonly hidden?: boolean;
  /** Undefined: the flag has no default. */
  readonly fallback: T;
  /** Throws UsageError. */
  read(text: string, name: string): T;
  readonly boolean?: boolean;
}

export type Flags = Record<string, Flag<unknown>>;
export type Values<F extends Flags> = { [K in keyof F]: F[K] extends Flag<infer T> ? T : never };

interface Told<T> {
  readonly fallback?: T;
  readonly hidden?: boolean;
}

export const number = <T extends number | undefined = number>(
  help: string,
  least: number,
  most: number,
  told: Told<T> & { whole?: boolean } = {},
): Flag<T> => ({
  hint: told.whole === false ? 'X' : 'N',
  help,
  fallback: told.fallback as T,
  ...(told.hidden ? { hidden: true } : {}),
  read(text, name) {
    const value = Number(text);
    const whole = told.whole !== false;
    if (
      text.trim() === '' ||
      !Number.isFinite(value) ||
      value < least ||
      value > most ||
      (whole && !Number.isInteger(value))
    ) {
      throw new UsageError(
        `--${name} takes a ${whole ? 'whole ' : ''}number from ${least} to ${most}, not "${shown(text)}"`,
      );
    }
    return value as T;
  },
});

export const chance = (help: string): Flag<number> => ({
  ...number(help, 0, 1, { fallback: 0, whole: false }),
  hint: '0..1',
});

export const choice = <T extends string, F extends T | undefined>(
  help: string,
  options: readonly T[],
  fallback: F,
): Flag<T | F> => ({
  hint: options.join('|'),
  help,
  fallback,
  read(text, name) {
    const found = options.find((option) => option === text);
    if (found === undefined) throw new UsageError(`--${name} takes ${options.join(' or ')}, not "${shown(text)}"`);
    return found;
  },
});

/** A ZeroMQ TCP endpoint. `*` as port: any free one, for binding only. */
export const endpoint = (help: string, fallback: string, use: 'bind' | 'connect'): Flag<string> => ({
  hint: 'tcp://HOST:PORT',
  help,
  fallback,
  read(text, name) {
    const parts = /^tcp:\/\/(\*|\[[0-9a-fA-F:]+\]|[A-Za-z0-9._-]+):(\d{1,5}|\*)$/.exec(text);
    const anywhere = parts?.[1] === '*' || parts?.[2] === '*';
    if (
      !parts ||
      Number(parts[2]) > 65_535 ||
      (anywhere && use === 'connect') ||
      (parts[2] === '0' && use === 'connect')
    ) {
      throw new UsageError(`--${name} takes an endpoint like ${fallback}, not "${shown(text)}"`);
    }
    return text;
  },
});

export const text = <T extends string | undefined>(
  hint: string,
  help: string,
  fallback: T,
  pattern: RegExp,
): Flag<T> => ({
  hint,
  help,
  fallback,
  read(value, name) {
    if (!pattern.test(value)) throw new UsageError(`--${name} takes ${hint}, not "${shown(value)}"`);
    return value as T;
  },
});

/** `--name` and `--no-name`. */
export const onOff = (help: string, fallback: boolean): Flag<boolean> => ({
  hint: '',
  help,
  fallback,
  boolean: true,
  read: () => true,
});

export const hidden = <T>(flag: Flag<T>): Flag<T> => ({ ...flag, hidden: true });

const shown = (value: string): string => value.replace(/[^\x20-\x7e]/g, '?').slice(0, 60);

/** The flags' values, defaults included. Throws UsageError for whatever is not in the table. */
export function readFlags<F extends Flags>(flags: F, args: readonly string[]): Values<F> {
  const options: Record<string, { type: 'string' | 'boolean' }> = {};
  for (const [name, flag] of Object.entries(flags)) {
    options[name] = { type: flag.boolean ? 'boolean' : 'string' };
    if (flag.boolean) options[`no-${name}`] = { type: 'boolean' };
  }
  let given: Record<string, string | boolean | undefined>;
  try {
    given = parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values as typeof given;
  } catch (error) {
    throw new UsageError(firstSentence(error));
  }
  const values: Record<string, unknown> = {};
  for (const [name, flag] of Object.entries(flags)) {
    const value = given[name];
    if (given[`no-${name}`] === true) values[name] = false;
    else values[name] = typeof value === 'string' ? flag.read(value, name) : (value ?? flag.fallback);
  }
  return values as Values<F>;
}

/** parseArgs explains itself at length; the first sentence says what is wrong. */
function firstSentence(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return (message.split(/\. |\n/)[0] ?? message).replace(/[^\x20-\x7e]/g, '?').slice(0, 160);
}

export function describeFlags(flags: Flags): string {
  const rows = Object.entries(flags)
    .filter(([, flag]) => !flag.hidden)
    .map(([name, flag]) => {
      const left = flag.boolean ? `--${flag.fallback ? 'no-' : ''}${name}` : `--${name} ${flag.hint}`;
      const known = flag.boolean || flag.fallback === undefined ? '' : ` (default ${String(flag.fallback)})`;
      return [left, `${flag.help}${known}`] as const;
    });
  const width = Math.min(34, Math.max(...rows.map(([left]) => left.length)));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n');
}
