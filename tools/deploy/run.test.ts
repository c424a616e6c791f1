import { expect, test } from 'vitest';
import { runProgram } from './run.ts';

test('a program is heard to its end', async () => {
  const script = "console.log('out'); console.error('err'); process.exit(3)";
  expect(await runProgram(process.execPath, ['-e', script])).toEqual({
    code: 3,
    stdout: 'out\n',
    stderr: 'err\n',
  });
});

test('a program that is not there ends with 127, as in a shell', async () => {
  expect(await runProgram('fidelia-no-such-program', [])).toMatchObject({ code: 127 });
});
