import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lastLines, lengthOf } from './lastLines.ts';

const MAVEN = `\u001B[0m[ERROR] Failed to execute goal x: Could not transfer y: Connection refused -> [Help 1]
[ERROR] 
[ERROR] To see the full stack trace of the errors, re-run Maven with the -e switch.
[ERROR] Re-run Maven using the -X switch to enable full debug logging.
[ERROR] 
[ERROR] For more information about the errors and possible solutions, please read the following articles:
[ERROR] [Help 1] http://localhost/MAVEN/MojoExecutionException
\u001B[0m\u001B[0m`;

let folder = '';
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'atlas-lines-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the last lines of a log', () => {
  it('are indented, and as many as requested', () => {
    const log = join(folder, 'log');
    writeFileSync(log, 'one\ntwo\nthree\n');
    expect(lastLines(log, 2)).toBe('    two\n    three');
  });

  it('are only those of this start, if the log has earlier ones', () => {
    const log = join(folder, 'starts.log');
    expect(lengthOf(log)).toBe(0);
    writeFileSync(log, 'two × a seat was booked\n');
    const from = lengthOf(log);
    appendFileSync(log, 'box-office cannot start: × is missing\n');
    expect(lastLines(log, 12, from)).toBe('    box-office cannot start: × is missing');
  });

  it('leave out colours and the advice of Maven', () => {
    const log = join(folder, 'maven.log');
    writeFileSync(log, MAVEN);
    expect(lastLines(log)).toBe(
      '    [ERROR] Failed to execute goal x: Could not transfer y: Connection refused -> [Help 1]',
    );
  });

  it('say so if there is no log', () => {
    expect(lastLines(join(folder, 'none'))).toContain('no log');
  });
});
