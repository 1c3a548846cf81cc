// Who may import whom: the table in ARCHITECTURE.md, executed. Its first column says where, in the packages' folders; its second
// everything that may be imported there. The first row that fits a file is its row.

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative } from 'node:path';
import { root } from './build.js';

const packages = join(root, 'packages');

/** `a/{b,c}*.ts` as a pattern on whole paths; `**` is any depth, `*` stays within a folder. */
const pattern = (glob) =>
  new RegExp(
    `^${glob
      .replace(/[.+^$()|[\]\\]/g, '\\$&')
      .replace(/\{([^}]*)\}/g, (_, names) => `(${names.split(',').join('|')})`)
      .replace(/\*\*|\*/g, (stars) => (stars === '**' ? '.*' : '[^/]*'))}$`,
  );

function readTable() {
  const text = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');
  const section = text.split(/^## Who may import whom.*$/m)[1]?.split(/^## /m)[0] ?? '';
  return [...section.matchAll(/^\| `([^`]+)` +\| (.*?) +\|$/gm)].map(([, where, may]) => ({
    where: pattern(where),
    may: [...may.matchAll(/`([^`]+)`/g)].map(([, glob]) => pattern(glob)),
  }));
}

function sources(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sources(path);
    return /\.(ts|svelte)$/.test(entry.name) ? [path] : [];
  });
}

const IMPORT = /\bfrom '([^']+)'|\bimport\('([^']+)'\)|^import '([^']+)'/gm;

/** Each import that the table does not allow, in one line. */
export function forbiddenImports() {
  const table = readTable();
  const found = table.length === 0 ? ['ARCHITECTURE.md has no import table'] : [];
  for (const name of ['protocol', 'server', 'web']) {
    for (const path of sources(join(packages, name, 'src'))) {
      const file = relative(packages, path);
      const row = table.find(({ where }) => where.test(file));
      if (!row) {
        found.push(`${file} has no row in the table`);
        continue;
      }
      for (const [, a, b, c] of readFileSync(path, 'utf8').matchAll(IMPORT)) {
        const named = a ?? b ?? c;
        const target = named.startsWith('.') ? posix.join(dirname(file), named) : named;
        if (!row.may.some((glob) => glob.test(target))) found.push(`${file} may not import ${target}`);
      }
    }
  }
  return found;
}
