/**
 * node test-summary.ts RESULTS.json FAILED_CHECKS: vitest's report in one line, `N passed, N failed`,
 * and the exit status that goes with it. A file that could not be run counts as one failure, and so
 * does a run that left no report.
 */
import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';

const Report = z.object({
  success: z.boolean(),
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numPendingTests: z.int(),
  numTodoTests: z.int(),
  testResults: z.array(z.object({ status: z.string(), assertionResults: z.array(z.object({ status: z.string() })) })),
});

function readReport(path: string | undefined): { passed: number; failed: number; skipped: number } {
  if (path === undefined || !existsSync(path)) return { passed: 0, failed: 1, skipped: 0 };
  const report = Report.parse(JSON.parse(readFileSync(path, 'utf8')));
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  ).length;
  const failed = report.numFailedTests + brokenFiles;
  return {
    passed: report.numPassedTests,
    // An error outside of every test fails the run, too.
    failed: failed === 0 && !report.success ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

const [, , path, failedChecks = '0'] = process.argv;
const { passed, failed, skipped } = readReport(path);
const failures = failed + Number(failedChecks);
console.log(`${passed} passed, ${failures} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`);
process.exitCode = failures === 0 ? 0 : 1;
