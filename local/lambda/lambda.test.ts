import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AwsError } from '../aws.ts';
import { createFixture, type Fixture, removeFolder, temporaryFolder } from './fixture.ts';
import type { FunctionError } from './result.ts';

const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 10_000 });

const waiting =
  'export const handler = async ({ ms }) => new Promise((resolve) => setTimeout(resolve, ms, 1));';

let dir: string;
let fixture: Fixture;

beforeEach(() => {
  dir = temporaryFolder();
  fixture = createFixture({ dir });
});

afterEach(async () => {
  await fixture.stop();
  removeFolder(dir);
});

const logOf = (name: string) => readFileSync(join(dir, 'log', `${name}.log`), 'utf8');

describe('an invocation', () => {
  it('hands the event to the handler and its answer back, as JSON has them', async () => {
    const arn = fixture.add(
      'echo',
      'export const handler = async (event) => ({ event, gone: undefined, at: new Date(0) });',
    );
    expect(await fixture.lambda.invoke(arn, { a: [1, null], gone: undefined })).toEqual({
      payload: { event: { a: [1, null] }, at: '1970-01-01T00:00:00.000Z' },
    });
    fixture.add('nothing', 'export const handler = () => {};');
    expect(await fixture.lambda.invoke('nothing', undefined)).toEqual({ payload: null });
  });

  it('knows its context', async () => {
    const arn = fixture.add(
      'context',
      'export const handler = async (_, c) => ({ ...c, left: c.getRemainingTimeInMillis() });',
    );
    const answer = (await fixture.lambda.invoke(arn, {})) as { payload: { left: number } };
    expect(answer.payload).toMatchObject({
      functionName: 'context',
      functionVersion: '$LATEST',
      invokedFunctionArn: arn,
      memoryLimitInMB: '128',
      awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(answer.payload.left).toBeGreaterThan(2000);
    expect(answer.payload.left).toBeLessThanOrEqual(3000);
  });

  it('sees its own variables and none of the process around it', async () => {
    process.env.SECRET_OF_THE_PARENT = 'x';
    const arn = fixture.add('env', 'export const handler = async () => ({ ...process.env });', {
      env: { TABLE: 't' },
    });
    const { payload } = (await fixture.lambda.invoke(arn, {})) as { payload: Record<string, string> };
    delete process.env.SECRET_OF_THE_PARENT;
    expect(payload).toMatchObject({
      TABLE: 't',
      AWS_REGION: 'eu-central-1',
      AWS_LAMBDA_FUNCTION_NAME: 'env',
      _HANDLER: 'index.handler',
      AWS_ACCESS_KEY_ID: 'ASIA-env',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_SESSION_TOKEN: 'token',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:4001',
    });
    expect(
      Object.keys(payload).filter((name) => !/^(AWS_|LAMBDA_|_HANDLER|LANG|PATH|TZ|TABLE)/.test(name)),
    ).toEqual([]);
  });

  it('runs CommonJS from index.js whatever the package around it says', async () => {
    const assetDir = join(dir, 'cjs');
    mkdirSync(assetDir);
    writeFileSync(join(dir, 'package.json'), '{"type":"module"}');
    writeFileSync(
      join(assetDir, 'index.js'),
      'exports.handler = async () => require("node:path").basename(__dirname);',
    );
    const definition = {
      name: 'cjs',
      arn: 'arn:aws:lambda:eu-central-1:000000000000:function:cjs',
      assetDir,
    };
    fixture.lambda.createFunction({
      ...definition,
      roleArn: 'r',
      handler: 'index.handler',
      env: {},
      timeoutSeconds: 3,
      memoryMb: 128,
    });
    const answer = await fixture.lambda.invoke('cjs', {});
    expect(answer).toEqual({ payload: 'cjs' });
  });

  it('of a function that does not exist is refused', async () => {
    await expect(fixture.lambda.invoke('none', {})).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
    });
  });
});

describe('environments', () => {
  /** Answers how often this environment was called; waits until `meet` calls of a round run at the same time. */
  const counting = `
    import { appendFileSync, readFileSync } from 'node:fs';
    import { threadId } from 'node:worker_threads';
    let calls = 0;
    let running = 0;
    export const handler = async ({ meet = 1, round = 0 }) => {
      running++;
      const file = process.env.OUT + round;
      appendFileSync(file, '.');
      while (readFileSync(file).length < meet) await new Promise((resolve) => setTimeout(resolve, 5));
      const answer = { calls: ++calls, running, threadId };
      running--;
      return answer;
    };`;
  const invokeMany = async ({ lambda }: Fixture, count: number, event: object) => {
    const answers = await Promise.all(Array.from({ length: count }, () => lambda.invoke('f', event)));
    return answers.map((answer) => ('payload' in answer ? answer.payload : {}) as Record<string, number>);
  };

  it('are used again while warm', async () => {
    fixture.add('f', counting);
    expect(await invokeMany(fixture, 1, {})).toMatchObject([{ calls: 1 }]);
    expect(await invokeMany(fixture, 1, {})).toMatchObject([{ calls: 2 }]);
  });

  it('run one event at a time', async () => {
    const own = createFixture({ dir: join(dir, 'one'), maxEnvironments: 1 });
    own.add('f', counting);
    const answers = await invokeMany(own, 3, {});
    expect(answers).toMatchObject([1, 2, 3].map((calls) => ({ calls, running: 1 })));
    await own.stop();
  });

  it('run side by side, at most as many as allowed', async () => {
    const own = createFixture({ dir: join(dir, 'two'), maxEnvironments: 2 });
    own.add('f', counting, { timeoutSeconds: 20 });
    const answers = await invokeMany(own, 6, { meet: 2 });
    expect(new Set(answers.map(({ threadId }) => threadId)).size).toBe(2);
    await own.stop();
  });

  it('are none for a function without concurrency', async () => {
    const arn = fixture.add('off', counting, { reservedConcurrency: 0 });
    expect(await fixture.lambda.invoke(arn, {})).toMatchObject({
      error: { errorType: 'TooManyRequestsException' },
    });
  });

  it('are at most as many as are reserved, and what comes beyond is throttled', async () => {
    const arn = fixture.add('reserved', waiting, { reservedConcurrency: 2 });
    const call = () => fixture.lambda.invoke(arn, { ms: 300 });
    const answers = await Promise.all([call(), call(), call()]);
    expect(answers.filter((answer) => 'error' in answer)).toEqual([
      { error: { errorType: 'TooManyRequestsException', errorMessage: 'Rate Exceeded.' } },
    ]);
    expect(await call()).toEqual({ payload: 1 });
    expect(fixture.lambda.statistics()[0]).toMatchObject({ throttles: 1, invocations: 3 });
  });

  it('are new ones once the code was replaced, and what runs ends as it was', async () => {
    const source = (version: number) =>
      `export const handler = async ({ ms = 0 }) => { await new Promise((go) => setTimeout(go, ms)); return ${version}; };`;
    const arn = fixture.add('swapped', source(1));
    await fixture.lambda.invoke(arn, {});
    const running = fixture.lambda.invoke(arn, { ms: 200 });
    fixture.add('next', source(2));
    fixture.lambda.replaceCode(arn, join(dir, 'next'));
    expect(await fixture.lambda.invoke(arn, {})).toEqual({ payload: 2 });
    expect(await running).toEqual({ payload: 1 });
    expect(await fixture.lambda.invoke(arn, {})).toEqual({ payload: 2 });
  });

  it('that have nothing to do end, but for the last one', async () => {
    const idle = createFixture({ dir, idleMilliseconds: 50 });
    idle.add('f', counting, { timeoutSeconds: 20 });
    const threads = async (round: number) => {
      const answers = await invokeMany(idle, 2, { meet: 2, round });
      return answers.map(({ threadId }) => threadId);
    };
    const first = await threads(1);
    await sleep(300);
    const second = await threads(2);
    expect(new Set([...first, ...second]).size).toBe(3);
    await idle.stop();
  });
});

describe('an environment that has nothing to do', () => {
  const remembering = `
    let first;
    export const handler = async ({ ms = 0 }) => {
      first ??= new WeakRef(new Array(1e6).fill(0));
      const was = first.deref() !== undefined;
      await new Promise((resolve) => setTimeout(resolve, ms));
      return { was, is: first.deref() !== undefined, gc: typeof gc };
    };`;
  const start = (collectMilliseconds: number) => {
    const resting = createFixture({ dir, collectMilliseconds });
    resting.add('f', remembering);
    return resting;
  };

  it('collects its garbage after a while', async () => {
    const resting = start(50);
    await resting.lambda.invoke('f', {});
    await expect
      .poll(() => sleep(200).then(() => resting.lambda.invoke('f', {})), { timeout: 10_000 })
      .toEqual({ payload: { was: false, is: false, gc: 'undefined' } });
    await resting.stop();
  });

  it('does not before, and not while it is at work', async () => {
    const resting = start(400);
    for (const ms of [700, 0, 0]) {
      expect(await resting.lambda.invoke('f', { ms })).toMatchObject({ payload: { was: true, is: true } });
    }
    await resting.stop();
  });
});

describe('a failing function', () => {
  it.each([
    [
      'an error',
      'class OrderError extends Error { name = "OrderError" } export const handler = async () => { throw new OrderError("no"); };',
      { errorType: 'OrderError', errorMessage: 'no' },
    ],
    [
      'an error thrown at once',
      'export const handler = () => { throw new TypeError("no"); };',
      { errorType: 'TypeError', errorMessage: 'no' },
    ],
    [
      'a string',
      'export const handler = async () => { throw "no"; };',
      { errorType: 'string', errorMessage: 'no', trace: [] },
    ],
    [
      'an exit',
      'export const handler = async () => process.exit(3);',
      {
        errorType: 'Runtime.ExitError',
        errorMessage: expect.stringMatching(
          /^RequestId: \S+ Error: Runtime exited with error: exit status 3$/,
        ),
      },
    ],
    [
      'an exit without a code',
      'export const handler = async () => process.exit(0);',
      {
        errorType: 'Runtime.ExitError',
        errorMessage: expect.stringContaining('Runtime exited without providing a reason'),
      },
    ],
    [
      'an uncaught exception',
      'export const handler = () => new Promise(() => setTimeout(() => { throw new RangeError("later"); }));',
      { errorType: 'RangeError', errorMessage: 'later' },
    ],
    [
      'an unhandled rejection',
      'export const handler = () => new Promise(() => { Promise.reject(new Error("lost")); });',
      { errorType: 'Runtime.UnhandledPromiseRejection', errorMessage: 'lost' },
    ],
    [
      'a timeout',
      'export const handler = () => new Promise(() => setInterval(() => {}, 1000));',
      {
        errorType: 'Sandbox.Timedout',
        errorMessage: expect.stringMatching(/Task timed out after 0\.20 seconds$/),
      },
    ],
    ['an endless loop', 'export const handler = () => { for (;;); };', { errorType: 'Sandbox.Timedout' }],
    [
      'no handler',
      'export const other = 1;',
      { errorType: 'Runtime.HandlerNotFound', errorMessage: 'index.handler is undefined or not exported' },
    ],
    ['a syntax error', 'export const handler = ;', { errorType: 'Runtime.UserCodeSyntaxError' }],
    [
      'a missing module',
      'import "not-there"; export const handler = 1;',
      { errorType: 'Runtime.ImportModuleError' },
    ],
    [
      'an error while loading',
      'throw new Error("no config");',
      { errorType: 'Error', errorMessage: 'no config' },
    ],
    [
      'an answer that is too large',
      'export const handler = async () => "x".repeat(7e6);',
      { errorType: 'Function.ResponseSizeTooLarge' },
    ],
  ])('with %s answers its error, and the next call is served', async (_, source, error) => {
    const slow = error.errorType === 'Sandbox.Timedout';
    const arn = fixture.add('fail', source, { timeoutSeconds: slow ? 0.2 : 20 });
    expect(await fixture.lambda.invoke(arn, {})).toMatchObject({ error });
    expect(await fixture.lambda.invoke(arn, {})).toMatchObject({ error });
  });

  it('with too little memory is killed', async () => {
    const source =
      'const kept = []; export const handler = async () => { for (;;) kept.push(new Array(1e5).fill({})); };';
    const arn = fixture.add('memory', source, { memoryMb: 32, timeoutSeconds: 20 });
    expect(await fixture.lambda.invoke(arn, {})).toMatchObject({
      error: { errorType: 'Runtime.OutOfMemory', errorMessage: expect.stringContaining('signal: killed') },
    });
  });

  it('with a stack has it in the trace', async () => {
    const arn = fixture.add('trace', 'export const handler = async () => { throw new Error("no"); };');
    const answer = (await fixture.lambda.invoke(arn, {})) as { error: FunctionError };
    expect(answer.error.trace?.[0]).toBe('Error: no');
    expect(answer.error.trace?.[1]).toContain('index.mjs');
  });
});

describe('logs', () => {
  it('have what a function prints between START and END', async () => {
    const arn = fixture.add(
      'talk',
      'export const handler = async () => { console.log("one", { a: 1 }); console.error("two"); process.stdout.write("three\\n"); };',
    );
    await fixture.lambda.invoke(arn, {});
    await eventually(() => logOf('talk')).toMatch(
      /^START (\S+)\none \{ a: 1 \}\ntwo\nthree\nEND \1\nREPORT RequestId: \1\t/,
    );
  });

  it('tell how long an invocation took, and the first one also how long its environment took to start', async () => {
    const arn = fixture.add('report', 'export const handler = async () => 1;', { memoryMb: 256 });
    await fixture.lambda.invoke(arn, {});
    await fixture.lambda.invoke(arn, {});
    await eventually(() => logOf('report').match(/^REPORT.*$/gm)).toEqual([
      expect.stringMatching(
        /Duration: [\d.]+ ms\tBilled Duration: \d+ ms\tMemory Size: 256 MB\tInit Duration: [\d.]+ ms$/,
      ),
      expect.stringMatching(/Memory Size: 256 MB$/),
    ]);
    expect(fixture.lambda.statistics()).toEqual([
      {
        functionName: 'report',
        invocations: 2,
        errors: 0,
        throttles: 0,
        coldStarts: 1,
        initMilliseconds: expect.any(Number),
      },
    ]);
  });

  it('count what could not start as an error', async () => {
    const arn = fixture.add('broken', 'throw new Error("no");');
    await fixture.lambda.invoke(arn, {});
    expect(fixture.lambda.statistics()).toMatchObject([{ invocations: 1, errors: 1, coldStarts: 0 }]);
  });

  it('go to the one who listens, too', async () => {
    const heard: string[] = [];
    const loud = createFixture({
      dir: join(dir, 'loud'),
      echo: (name, text) => heard.push(`${name}: ${text}`),
    });
    const arn = loud.add('talk', 'export const handler = async () => console.log("aloud");');
    await loud.lambda.invoke(arn, {});
    expect(heard).toContain('talk: aloud\n');
    await loud.stop();
  });

  it('say why an invocation ended early', async () => {
    const arn = fixture.add('late', 'export const handler = () => new Promise(() => {});', {
      timeoutSeconds: 0.1,
    });
    await fixture.lambda.invoke(arn, {});
    await eventually(() => logOf('late')).toMatch(/END \S+ Task timed out after 0\.10 seconds/);
  });

  it('are put aside when they have grown large', () => {
    mkdirSync(join(dir, 'log'), { recursive: true });
    writeFileSync(join(dir, 'log', 'big.log'), 'x'.repeat(10 * 1024 * 1024 + 1));
    writeFileSync(join(dir, 'log', 'small.log'), 'x');
    for (const name of ['big', 'small']) fixture.add(name, '');
    expect(readdirSync(join(dir, 'log')).sort()).toEqual(['big.1.log', 'small.log']);
  });

  it('are not needed', async () => {
    const silent = createFixture({ dir: join(dir, 'silent'), logDir: undefined as unknown as string });
    const arn = silent.add('talk', 'export const handler = async () => console.log("into nothing");');
    expect(await silent.lambda.invoke(arn, {})).toEqual({ payload: null });
    expect(existsSync(join(dir, 'silent', 'log'))).toBe(false);
    await silent.stop();
  });
});

describe('faults on demand', () => {
  it('throttle a function, or kill its environment at once or in the middle', async () => {
    const source =
      'export const handler = async ({ ms }) => new Promise((resolve) => setTimeout(resolve, ms, 1));';
    const arn = fixture.add('f', source, { timeoutSeconds: 60 });
    const forever = { ms: 60_000 };
    fixture.lambda.faults.beforeInvoke = () => 'throttle';
    expect(await fixture.lambda.invoke(arn, forever)).toMatchObject({
      error: { errorType: 'TooManyRequestsException' },
    });
    const killed = { error: { errorType: 'Runtime.ExitError' } };
    fixture.lambda.faults.beforeInvoke = (name) => (name === 'f' ? 'kill' : undefined);
    expect(await fixture.lambda.invoke(arn, forever)).toMatchObject(killed);
    fixture.lambda.faults.beforeInvoke = () => ({ killAfter: 30 });
    expect(await fixture.lambda.invoke(arn, forever)).toMatchObject(killed);
    fixture.lambda.faults.beforeInvoke = () => ({ killWhen: sleep(30) });
    expect(await fixture.lambda.invoke(arn, forever)).toMatchObject(killed);
    fixture.lambda.faults.beforeInvoke = () => ({ killWhen: new Promise(() => {}) });
    expect(await fixture.lambda.invoke(arn, { ms: 0 })).toEqual({ payload: 1 });
    fixture.lambda.faults.beforeInvoke = () => undefined;
    expect(await fixture.lambda.invoke(arn, { ms: 0 })).toEqual({ payload: 1 });
    const running = fixture.lambda.invoke(arn, forever);
    await sleep(20);
    await fixture.lambda.kill(arn);
    expect(await running).toMatchObject(killed);
  });

  it('lose an answer after all is done, and leave no environment that knows of it', async () => {
    const file = join(dir, 'done');
    const source = `import { appendFileSync } from 'node:fs'; let calls = 0;
      export const handler = async () => { appendFileSync(${JSON.stringify(file)}, 'done'); return ++calls; };`;
    const arn = fixture.add('loses', source, {});
    fixture.lambda.faults.beforeInvoke = () => 'lose answer';
    expect(await fixture.lambda.invoke(arn, {})).toMatchObject({ error: { errorType: 'Runtime.ExitError' } });
    expect(readFileSync(file, 'utf8')).toBe('done');
    fixture.lambda.faults.beforeInvoke = () => undefined;
    expect(await fixture.lambda.invoke(arn, {})).toEqual({ payload: 1 });
  });

  it('slow a function down, up to its timeout', async () => {
    const arn = fixture.add('slow', 'export const handler = async () => 1;', { timeoutSeconds: 1 });
    fixture.lambda.faults.beforeInvoke = () => ({ delay: 100 });
    const began = performance.now();
    expect(await fixture.lambda.invoke(arn, {})).toEqual({ payload: 1 });
    expect(performance.now() - began).toBeGreaterThan(95);
    fixture.lambda.faults.beforeInvoke = () => ({ delay: 5000 });
    const error = { errorType: 'Sandbox.Timedout', errorMessage: expect.stringContaining('1.00 seconds') };
    expect(await fixture.lambda.invoke(arn, {})).toEqual({ error });
    fixture.lambda.faults.beforeInvoke = () => undefined;
  });
});

describe('closing', () => {
  it('lets what runs end, refuses what comes after, and is bounded', async () => {
    const own = createFixture({ dir });
    const arn = own.add(
      'slow',
      'export const handler = () => new Promise(() => setInterval(() => {}, 50));',
      { timeoutSeconds: 60 },
    );
    const queue = own.sqs.createQueue('work', { VisibilityTimeout: '60' }).arn;
    own.sqs.send(queue, 'a');
    own.lambda.mapQueue({ functionArn: arn, queueArn: queue });
    await sleep(150);
    const start = performance.now();
    await own.lambda.close(100);
    expect(performance.now() - start).toBeLessThan(1000);
    expect(await own.lambda.invoke(arn, {})).toMatchObject({ error: { errorType: 'ServiceException' } });
    own.sqs.close();
    own.store.close();
  });
});

describe('the Invoke API', () => {
  const send = (name: string, body: string, headers: Record<string, string> = {}, method = 'POST') =>
    fixture.lambda.handle({
      method,
      url: `/2015-03-31/functions/${name}/invocations`,
      headers,
      body: Buffer.from(body),
    });
  const event = { 'x-amz-invocation-type': 'Event' };

  it('answers with the payload, or with the error of the function', async () => {
    const arn = fixture.add(
      'echo',
      'export const handler = async (event) => { if (event.no) throw new Error("no"); return event; };',
    );
    const headers = { 'content-type': 'application/json', 'x-amz-executed-version': '$LATEST' };
    expect(await send('echo', '{"a":1}')).toEqual({ status: 200, headers, body: '{"a":1}' });
    expect(await send(encodeURIComponent(`${arn}:$LATEST`), '')).toEqual({
      status: 200,
      headers,
      body: '{}',
    });
    const failure = await send('echo', '{"no":1}');
    expect(failure).toMatchObject({ status: 200, headers: { 'x-amz-function-error': 'Unhandled' } });
    expect(JSON.parse(failure.body)).toMatchObject({ errorType: 'Error', errorMessage: 'no' });
    expect(await send('echo', '{}', { 'x-amz-invocation-type': 'DryRun' })).toMatchObject({ status: 204 });
  });

  it('refuses what it cannot invoke', async () => {
    fixture.add('echo', 'export const handler = async (event) => event;');
    await expect(send('none', '{}')).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
      status: 404,
    });
    await expect(send('echo', '{')).rejects.toMatchObject({ code: 'InvalidRequestContentException' });
    const large = JSON.stringify('x'.repeat(1024 * 1024));
    expect(await send('echo', large)).toMatchObject({ status: 200 });
    await expect(send('echo', large, event)).rejects.toMatchObject({ status: 413 });
    await expect(send('echo', '{}', {}, 'GET')).rejects.toMatchObject({ status: 404 });
    fixture.lambda.faults.beforeInvoke = () => 'throttle';
    const throttled: AwsError = await send('echo', '{}').catch((error) => error);
    expect(throttled).toBeInstanceOf(AwsError);
    expect(fixture.lambda.error(throttled)).toMatchObject({
      status: 429,
      headers: { 'x-amzn-errortype': 'TooManyRequestsException' },
      body: expect.stringContaining('Rate Exceeded.'),
    });
  });

  it('takes an event for later and tries it three times', async () => {
    fixture.add(
      'later',
      'import { appendFileSync } from "node:fs"; export const handler = async (e) => { appendFileSync(process.env.OUT, e.id); if (e.fail) throw new Error("no"); };',
    );
    const out = () =>
      existsSync(join(dir, 'later.out')) ? readFileSync(join(dir, 'later.out'), 'utf8') : '';
    expect(await send('later', '{"id":"a"}', event)).toMatchObject({ status: 202, body: '' });
    await eventually(out).toBe('a');
    await send('later', '{"id":"b","fail":true}', event);
    await eventually(out).toBe('abbb');
    await sleep(50);
    expect(out()).toBe('abbb');
  });

  it('keeps an event over a restart', async () => {
    const first = createFixture({ dir, durable: true });
    first.add('keep', 'export const handler = async () => {};');
    first.lambda.faults.beforeInvoke = () => 'throttle';
    await first.lambda.handle({
      method: 'POST',
      url: '/2015-03-31/functions/keep/invocations',
      headers: event,
      body: Buffer.from('{"id":"kept"}'),
    });
    await first.stop();
    const second = createFixture({ dir, durable: true });
    second.add(
      'keep',
      'import { appendFileSync } from "node:fs"; export const handler = async (e) => appendFileSync(process.env.OUT, e.id);',
    );
    second.lambda.start();
    await eventually(
      () => existsSync(join(dir, 'keep.out')) && readFileSync(join(dir, 'keep.out'), 'utf8'),
    ).toBe('kept');
    await second.stop();
  });
});
