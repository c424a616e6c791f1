import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFixture, type Fixture, removeFolder, temporaryFolder } from './fixture.ts';

let dir: string;
let fixture: Fixture;
let functionArn: string;
beforeEach(() => {
  dir = temporaryFolder();
  fixture = createFixture({ dir });
  functionArn = fixture.add(
    'reader',
    `import { appendFileSync } from 'node:fs';
     export const handler = async ({ Records }) => {
       for (const one of Records) appendFileSync(${JSON.stringify(join(dir, 'seen'))}, (one.body ?? one.dynamodb.NewImage.v.S) + ' ');
     };`,
  );
});
afterEach(async () => {
  await fixture.stop();
  removeFolder(dir);
});

const seen = () => {
  try {
    return readFileSync(join(dir, 'seen'), 'utf8').trim();
  } catch {
    return '';
  }
};

const url = '/2015-03-31/event-source-mappings/';

async function call(method: string, path: string, body: unknown = '') {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const request = { method, url: `${url}${path}`, headers: {}, body: Buffer.from(text) };
  const response = await fixture.lambda.handle(request);
  return { status: response.status, ...JSON.parse(response.body) };
}

async function theOnlyOne(): Promise<string> {
  const { EventSourceMappings } = await call('GET', '?FunctionName=reader');
  expect(EventSourceMappings).toHaveLength(1);
  return EventSourceMappings[0].UUID;
}

async function disable(id: string): Promise<void> {
  expect(await call('PUT', id, { Enabled: false })).toMatchObject({ status: 202 });
  await vi.waitFor(async () => expect(await call('GET', id)).toMatchObject({ State: 'Disabled' }));
}

describe('a mapping that is disabled and enabled', () => {
  it('of a stream reads on where it was', async () => {
    const { lambda, stream } = fixture;
    lambda.mapStream({ functionArn, streamArn: stream.arn, startingPosition: 'TRIM_HORIZON' });
    stream.append('a');
    await vi.waitFor(() => expect(seen()).toBe('a'));
    const id = await theOnlyOne();

    await disable(id);
    stream.append('b', 'c');
    await sleep(50);
    expect(seen()).toBe('a');
    await call('PUT', id, { Enabled: true });

    await vi.waitFor(() => expect(seen()).toBe('a b c'));
    expect(await call('GET', id)).toMatchObject({ State: 'Enabled', EventSourceArn: stream.arn });
  });

  it('of a queue takes what has come meanwhile', async () => {
    const { lambda, sqs } = fixture;
    const { arn: queueArn } = sqs.createQueue('in');
    lambda.mapQueue({ functionArn, queueArn });
    const id = await theOnlyOne();

    await disable(id);
    sqs.send(queueArn, 'late');
    await sleep(50);
    expect(seen()).toBe('');
    await call('PUT', id, { UUID: id, Enabled: true });

    await vi.waitFor(() => expect(seen()).toBe('late'));
  });
});

describe('refused is', () => {
  beforeEach(() => {
    fixture.lambda.mapQueue({ functionArn, queueArn: fixture.sqs.createQueue('in').arn });
  });

  it.each([
    [{}, 'InvalidParameterValueException', 'Only Enabled'],
    [{ Enabled: 'no' }, 'InvalidParameterValueException', '"no"'],
    [{ Enabled: true, BatchSize: 5 }, 'InvalidParameterValueException', 'BatchSize'],
    ['{', 'InvalidRequestContentException', 'json'],
  ])('the update %j', async (body, code, message) => {
    const id = await theOnlyOne();
    await expect(call('PUT', id, body)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
  });

  it('a mapping that there is not', async () => {
    await expect(call('GET', 'nobody')).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
  });

  it('another method', async () => {
    await expect(call('DELETE', await theOnlyOne())).rejects.toMatchObject({
      code: 'UnknownOperationException',
    });
  });
});

it('lists those of a function or a source alone', async () => {
  const { lambda, sqs } = fixture;
  const [one, two] = [sqs.createQueue('one').arn, sqs.createQueue('two').arn];
  for (const queueArn of [one, two]) lambda.mapQueue({ functionArn, queueArn });

  const { EventSourceMappings: ofTwo } = await call('GET', `?EventSourceArn=${two}`);
  const { EventSourceMappings: ofOthers } = await call('GET', '?FunctionName=other');
  expect(ofTwo).toEqual([expect.objectContaining({ EventSourceArn: two, BatchSize: 10 })]);
  expect(ofOthers).toEqual([]);
});
