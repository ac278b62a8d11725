import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'summary-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface File {
  readonly status: string;
  readonly assertionResults: readonly { readonly status: string }[];
}

function summarise(
  counts: { passed: number; failed: number; skipped: number; success: boolean },
  files: File[],
  failedChecks = 0,
) {
  const path = join(folder, 'results.json');
  const { passed, failed, skipped, success } = counts;
  const numbers = { numPassedTests: passed, numFailedTests: failed, numPendingTests: skipped, numTodoTests: 0 };
  writeFileSync(path, JSON.stringify({ success, ...numbers, testResults: files }));
  return summariseFile(path, failedChecks);
}

function summariseFile(path: string, failedChecks = 0) {
  const script = join(import.meta.dirname, 'test-summary.ts');
  const { stdout, status } = spawnSync(process.execPath, [script, path, String(failedChecks)], { encoding: 'utf8' });
  return [stdout, status];
}

const good = { status: 'passed', assertionResults: [{ status: 'passed' }] };
const bad = { status: 'failed', assertionResults: [{ status: 'passed' }, { status: 'failed' }] };
const broken = { status: 'failed', assertionResults: [] };

it('counts what passed, failed and was skipped', () => {
  expect(summarise({ passed: 3, failed: 0, skipped: 0, success: true }, [good])).toEqual(['3 passed, 0 failed\n', 0]);
  expect(summarise({ passed: 3, failed: 1, skipped: 2, success: false }, [good, bad])).toEqual([
    '3 passed, 1 failed, 2 skipped\n',
    1,
  ]);
});

it('counts a file that does not load, an error outside of the tests, and a failed check', () => {
  expect(summarise({ passed: 3, failed: 0, skipped: 0, success: false }, [good, broken])).toEqual([
    '3 passed, 1 failed\n',
    1,
  ]);
  expect(summarise({ passed: 3, failed: 0, skipped: 0, success: false }, [good])).toEqual(['3 passed, 1 failed\n', 1]);
  expect(summarise({ passed: 3, failed: 0, skipped: 0, success: true }, [good], 2)).toEqual([
    '3 passed, 2 failed\n',
    1,
  ]);
});

it('counts a run that left no report as failed', () => {
  expect(summariseFile(join(folder, 'missing.json'))).toEqual(['0 passed, 1 failed\n', 1]);
});
