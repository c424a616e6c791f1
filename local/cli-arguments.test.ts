import { expect, test } from 'vitest';
import { ArgumentError, readArguments } from './cli-arguments.ts';

test('without arguments the demo runs on port 4000 and keeps its data in .local/data', () => {
  expect(readArguments([])).toEqual({
    port: 4000,
    dataDir: '.local/data',
    demo: true,
    verbose: false,
    logs: false,
    watch: false,
    faultsFile: undefined,
    forwardMail: undefined,
    recordFile: undefined,
    tenants: ['demo'],
  });
});

test('everything can be said', () => {
  expect(
    readArguments([
      ...['--port', '0', '--data', 'x', '--faults', 'faults.json', '--record', 'calls.jsonl'],
      ...['--forward-mail', 'smtp://127.0.0.1:1025'],
      ...['--tenant', 'acme', '--tenant', 'demo', '--tenant', 'acme'],
    ]),
  ).toEqual({
    port: 0,
    dataDir: 'x',
    demo: true,
    verbose: false,
    logs: false,
    watch: false,
    faultsFile: 'faults.json',
    forwardMail: { host: '127.0.0.1', port: 1025 },
    recordFile: 'calls.jsonl',
    tenants: ['acme', 'demo'],
  });
  expect(readArguments(['--memory'])).toMatchObject({ dataDir: undefined });
  expect(readArguments(['--empty'])).toMatchObject({ demo: false });
  const told = { verbose: true, logs: true, watch: true };
  expect(readArguments(['--verbose', '--logs', '--watch'])).toMatchObject(told);
  expect(readArguments(['--help', '--port', '1'])).toBe('help');
});

test.each([
  [['--prot', '4000'], "Unknown option '--prot'"],
  [['4000'], "Unexpected argument '4000'"],
  [['--port', 'http'], '--port http is no port'],
  [['--port', '65535'], 'from 0 to 65534'],
  [['--port', '65533', '--tenant', 'a', '--tenant', 'b'], 'from 0 to 65532'],
  [['--memory', '--data', 'x'], 'give one of them'],
  [['--tenant', '../demo'], '--tenant "../demo" is no name'],
  [['--forward-mail', 'mail'], '--forward-mail mail is no mail server: give smtp://127.0.0.1:PORT.'],
  [['--forward-mail', 'smtp://mail.example:25'], 'smtp://mail.example:25 is not on this machine'],
])('%j is refused', (args, message) => {
  expect(() => readArguments(args)).toThrow(ArgumentError);
  expect(() => readArguments(args)).toThrow(message);
});
