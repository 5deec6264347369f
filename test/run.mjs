// Runs the tests and ends with one line: `N passed, N failed` (and what was skipped).
// Arguments go to vitest: `npm test -- --project unit`.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'vouch-tests-'));
const report = join(folder, 'report.json');
const vitest = join(import.meta.dirname, '../node_modules/vitest/vitest.mjs');
const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
const run = spawnSync(process.execPath, [vitest, 'run', ...reporters, ...process.argv.slice(2)], {
  cwd: join(import.meta.dirname, '..'),
  stdio: 'inherit',
});

let summary = '0 passed, 1 failed';
let failed = run.status !== 0;
try {
  const { numPassedTests, numFailedTests, numPendingTests, numFailedTestSuites } = JSON.parse(readFileSync(report, 'utf8'));
  // A file that does not load fails as a suite without a failed test in it.
  const failures = numFailedTests === 0 && failed ? Math.max(1, numFailedTestSuites) : numFailedTests;
  summary = `${numPassedTests} passed, ${failures} failed${numPendingTests > 0 ? `, ${numPendingTests} skipped` : ''}`;
  failed ||= numPassedTests === 0;
} catch {
  failed = true;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.stdout.write(`\n${summary}\n`);
process.exit(failed ? 1 : 0);
