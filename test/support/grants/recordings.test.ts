import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { recordInto } from '../../../local/iam/recording.ts';
import { assemblyDir } from '../assembly.ts';
import { newRecording, RECORDINGS, readRecordings } from './recordings.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'recordings-'));
});
afterEach(() => void vi.unstubAllEnvs());
afterAll(() => rmSync(folder, { recursive: true }));

/** An assembly with a text of its app stack replaced. */
function changed(what: RegExp, by: string): string {
  const assembly = mkdtempSync(join(folder, 'assembly-'));
  cpSync(assemblyDir, assembly, { recursive: true });
  const file = join(assembly, 'fidelia-demo-app.template.json');
  const before = readFileSync(file, 'utf8');
  const after = before.replace(what, by);
  expect(after).not.toBe(before);
  writeFileSync(file, after);
  return assembly;
}

test('clouds of the same rights record into files of their own', () => {
  vi.stubEnv(RECORDINGS, mkdtempSync(join(folder, 'run-')));
  const files = [
    newRecording(assemblyDir),
    newRecording(assemblyDir),
    newRecording(changed(/"VisibilityTimeout": \d+/, '"VisibilityTimeout": 7')),
  ];

  expect(new Set(files).size).toBe(3);
  expect(files.map((file) => file && dirname(file))).toEqual(Array(3).fill(process.env[RECORDINGS]));
});

test.each([
  ['a grant less', /"dynamodb:DeleteItem"/, '"dynamodb:GetItem"'],
  ['a queue that lets others send', /"aws:SourceArn"/, '"aws:PrincipalArn"'],
])('a cloud with %s records nothing', (_, what, by) => {
  vi.stubEnv(RECORDINGS, folder);

  expect(newRecording(changed(what, by))).toBeUndefined();
});

test('nobody records when nobody compares', () => {
  vi.stubEnv(RECORDINGS, undefined);

  expect(newRecording(assemblyDir)).toBeUndefined();
});

test('what was recorded is read again, each file by itself', () => {
  const run = mkdtempSync(join(folder, 'run-'));
  vi.stubEnv(RECORDINGS, run);
  const principal = { kind: 'anonymous' } as const;
  const decision = { principal, action: 'lambda:InvokeFunctionUrl', resource: 'x', keys: {}, allowed: true };
  recordInto(newRecording(assemblyDir) ?? '')(decision);
  recordInto(newRecording(assemblyDir) ?? '');

  expect(readRecordings(run).toSorted((a, b) => a.length - b.length)).toEqual([[], [decision]]);
});
