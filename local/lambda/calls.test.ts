import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AnswerCall } from './environment.ts';
import { createFixture, type Fixture, removeFolder, temporaryFolder } from './fixture.ts';

let dir: string;
let fixture: Fixture;
let asked: string[];
let printed: string[];

const large = 'x'.repeat(1_000_000);

/** Answers at once with a large text, and else with the path; a number at its end is how many milliseconds that takes. */
const answerCall: AnswerCall = async ({ url }) => {
  asked.push(url);
  if (url === '/large') return { status: 200, headers: {}, body: large };
  await sleep(Number(/\d+$/.exec(url)?.[0] ?? 0));
  return { status: 200, headers: {}, body: `of ${url}` };
};

beforeEach(() => {
  dir = temporaryFolder();
  asked = [];
  printed = [];
  fixture = createFixture({ dir, answerCall, echo: (_, text) => printed.push(text) });
});

afterEach(async () => {
  await fixture.stop();
  removeFolder(dir);
});

/** A function that calls as SDK clients do, and whose messages to the main thread are seen in `sent`. */
const calling = (body: string) => `
  import { parentPort } from 'node:worker_threads';
  const carrier = globalThis[Symbol.for('fidelia.requestHandler')];
  const call = async (path, body = 'text') => {
    const { response } = await carrier.handle({ method: 'POST', path, headers: {}, body });
    return String(response.body);
  };
  const sent = [];
  const post = parentPort.postMessage.bind(parentPort);
  parentPort.postMessage = (messages) => {
    sent.push(messages.map((one) => ['call', 'print', 'result'].find((kind) => kind in one)));
    post(messages);
  };
  let runs = 0;
  export const handler = async (event) => { runs++; const before = sent.splice(0); ${body} };`;

test('the calls of one turn leave together, and each gets its own answer, whichever comes first', async () => {
  const arn = fixture.add(
    'many',
    calling(`
      const answers = await Promise.all(event.map((ms) => call('/' + ms)));
      return { answers, sent };`),
  );

  expect(await fixture.lambda.invoke(arn, [30, 1, 20, 10])).toEqual({
    payload: { answers: ['of /30', 'of /1', 'of /20', 'of /10'], sent: [['call', 'call', 'call', 'call']] },
  });
  expect(asked).toEqual(['/30', '/1', '/20', '/10']);
});

test('what is called, printed and answered in one turn arrives in this order', async () => {
  const arn = fixture.add(
    'turn',
    calling(`
      if (event === 'tell') return before.flat();
      void call('/unheard');
      console.log('said');
      return 'done';`),
  );

  expect(await fixture.lambda.invoke(arn, 'call')).toEqual({ payload: 'done' });

  expect(asked).toEqual(['/unheard']);
  expect(printed.join('')).toContain('said');
  const { payload } = (await fixture.lambda.invoke(arn, 'tell')) as { payload: string[] };
  expect(payload.slice(0, 3)).toEqual(['call', 'print', 'result']);
});

test('large answers of one turn do not come all at once: a function with less memory than they have gets by', async () => {
  const arn = fixture.add(
    'large',
    calling(`
      const lengths = await Promise.all(event.map((path) => call(path).then(({ length }) => length)));
      return lengths.reduce((sum, length) => sum + length);`),
  );
  const paths = Array.from({ length: 200 }, () => '/large');

  expect(await fixture.lambda.invoke(arn, paths)).toEqual({ payload: 200_000_000 });
});

test('who ends the process in the turn of a call has not called', async () => {
  const arn = fixture.add('exits', calling(`void call('/lost'); process.exit(0);`));

  expect(await fixture.lambda.invoke(arn, null)).toMatchObject({ error: { errorType: 'Runtime.ExitError' } });
  expect(asked).toEqual([]);
});

test('a body that is a stream is refused, and nothing else', async () => {
  const arn = fixture.add(
    'streams',
    calling(`
      const { Readable } = await import('node:stream');
      const told = (error) => error.message;
      const answers = await Promise.all([call('/text'), call('/stream', Readable.from(['x'])).catch(told)]);
      return { answers, runs };`),
  );
  const refusal = 'A stream is no body of a call that needs no network: give text or bytes';

  for (const runs of [1, 2]) {
    expect(await fixture.lambda.invoke(arn, null)).toEqual({
      payload: { answers: ['of /text', refusal], runs },
    });
  }
});
