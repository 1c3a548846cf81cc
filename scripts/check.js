// npm test: everything that must hold. Lint, types, unit tests, real processes, the real browser, and that each SPEC rule has a test.
// Ends with one line: N passed, N failed.

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { constants, setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, root } from './build.js';
import { firstLoad, MAX_FIRST_LOAD } from './bundle.js';
import { forbiddenImports } from './imports.js';

const out = mkdtempSync(join(tmpdir(), 'crows-nest-check-'));
let passed = 0;
let failed = 0;
/** The names of all tests that passed, for the rules' sake. */
const names = [];

/**
 * Runs a command of the workspace; resolves to whether it ended well. `aside`: it gives way to whatever else runs, and says what it has
 * to say when it is done.
 */
function run(title, cwd, command, args, { env = {}, aside = false } = {}) {
  if (!aside) console.log(`\n== ${title}`);
  return new Promise((resolve) => {
    const bin = join(root, cwd, 'node_modules/.bin', command);
    const said = aside ? 'pipe' : 'inherit';
    const child = spawn(bin, args, {
      cwd: join(root, cwd),
      stdio: ['ignore', said, said],
      env: { ...process.env, ...env },
    });
    const chunks = [];
    if (aside) {
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => chunks.push(chunk));
      if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
    }
    child.on('error', (error) => {
      console.error(error.message);
      resolve(false);
    });
    child.on('close', (code) => {
      if (aside) console.log(`\n== ${title}\n${Buffer.concat(chunks)}`);
      resolve(code === 0);
    });
  });
}

function count(ok, title) {
  if (ok) passed++;
  else {
    failed++;
    console.log(`FAILED: ${title}`);
  }
}

/** A check without tests of its own counts as one. */
async function check(title, cwd, command, args) {
  count(await run(title, cwd, command, args), title);
}

/** A runner that says nothing readable has failed, whatever its exit code. */
function read(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

async function vitest(name, options = {}) {
  const file = join(out, `${name}.json`);
  const args = ['run', '--reporter=dot', '--reporter=json', `--outputFile.json=${file}`];
  // What gives way may have to wait.
  if (options.aside) args.push('--testTimeout=60000');
  const ok = await run(`${name}: tests`, `packages/${name}`, 'vitest', args, options);
  const result = read(file);
  const tests = (result?.testResults ?? []).flatMap((suite) => suite.assertionResults);
  for (const test of tests) {
    if (test.status === 'passed') names.push(test.fullName);
    if (test.status !== 'pending' && test.status !== 'skipped') count(test.status === 'passed', test.fullName);
  }
  // A suite that did not load has no tests to count.
  if (!result || (!ok && !tests.some((test) => test.status === 'failed'))) count(false, `${name}: the test run itself`);
}

async function playwright() {
  const file = join(out, 'e2e.json');
  const env = { PLAYWRIGHT_JSON_OUTPUT_NAME: file };
  const ok = await run('e2e: journeys', 'e2e', 'playwright', ['test', '--reporter=line,json'], { env });
  const specs = [];
  const walk = (suite) => {
    specs.push(...suite.specs);
    for (const inner of suite.suites ?? []) walk(inner);
  };
  const result = read(file);
  for (const suite of result?.suites ?? []) walk(suite);
  for (const spec of specs) {
    if (spec.tests.every((test) => test.status === 'skipped')) continue;
    count(spec.ok, `e2e: ${spec.title}`);
    if (spec.ok) names.push(spec.title);
  }
  if (specs.length === 0 || (!ok && specs.every((spec) => spec.ok))) count(false, 'e2e: the test run itself');
}

/** Each rule of SPEC.md must have a passed test that bears its id. */
function rules() {
  console.log('\n== SPEC: a test for each rule');
  const spec = readFileSync(join(root, 'SPEC.md'), 'utf8');
  const ids = [...spec.matchAll(/^\| ([A-Z]{1,2}\d+) *\|/gm)].map((match) => match[1]);
  const bare = ids.filter((id) => !names.some((name) => name.includes(`[${id}]`)));
  if (bare.length > 0) console.log(`no passed test bears: ${bare.join(', ')}`);
  count(ids.length > 0 && bare.length === 0, `all ${ids.length} rules have a test`);
}

const only = process.argv.slice(2);
const wants = (part) => only.length === 0 || only.includes(part);

build();
if (wants('lint')) {
  await check('lint and format', '.', 'biome', ['check', '.']);
  const forbidden = forbiddenImports();
  for (const line of forbidden) console.log(line);
  count(forbidden.length === 0, "imports as in ARCHITECTURE.md's table");
}
if (wants('web')) {
  const bytes = firstLoad().reduce((sum, file) => sum + file.bytes, 0);
  console.log(`\n== first load: ${(bytes / 1000).toFixed(1)} kB gzip of ${MAX_FIRST_LOAD / 1000}`);
  count(bytes <= MAX_FIRST_LOAD, 'the first load is small');
}
if (wants('types')) {
  await check('types: protocol', 'packages/protocol', 'tsc', ['-p', 'tsconfig.json']);
  await check('types: protocol tests', 'packages/protocol', 'tsc', ['-p', 'test/tsconfig.json']);
  await check('types: server', 'packages/server', 'tsc', ['-p', 'tsconfig.json']);
  await check('types: web', 'packages/web', 'svelte-check', ['--tsgo', '--tsconfig', './tsconfig.json']);
  await check('types: e2e', 'e2e', 'tsc', ['-p', 'tsconfig.json']);
}
/** What only computes runs while the server's tests wait for real processes and real time. */
async function computed() {
  if (wants('protocol')) await vitest('protocol', { aside: true });
  if (wants('web')) await vitest('web', { aside: true });
}
await Promise.all([computed(), wants('server') && vitest('server')]);
if (wants('e2e')) await playwright();
if (only.length === 0) rules();
rmSync(out, { recursive: true, force: true });
console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
