import { createServer } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { AwsError } from '../aws.ts';
import { createFixture, type Fixture, removeFolder, temporaryFolder } from './fixture.ts';

let dir: string;
let fixture: Fixture | undefined;
const asked: string[] = [];
const logged: string[] = [];
beforeEach(() => {
  dir = temporaryFolder();
  asked.length = 0;
  logged.length = 0;
});
afterEach(async () => {
  await fixture?.stop();
  removeFolder(dir);
});

/** A function whose role has every right but those to these actions. */
function without(...actions: string[]): Fixture {
  fixture = createFixture({
    dir,
    demand({ name }, action, resource) {
      asked.push(`${name} ${action} ${resource}`);
      if (actions.includes(action)) throw new AwsError('AccessDeniedException', `no ${action}`, 403);
    },
    log: (message) => logged.push(message),
  });
  return fixture;
}

const broken = 'export const handler = async () => { throw new Error("never"); };';

describe('a mapping', () => {
  it('of a queue asks for what reading it needs, and is refused without', () => {
    const { lambda, sqs, add } = without('sqs:DeleteMessage');
    const functionArn = add('f', broken);
    const { arn: queueArn } = sqs.createQueue('in');

    expect(() => lambda.mapQueue({ functionArn, queueArn })).toThrow(
      'The function execution role does not have permissions to call DeleteMessage on SQS. no sqs:DeleteMessage',
    );
    expect(asked).toEqual([`f sqs:ReceiveMessage ${queueArn}`, `f sqs:DeleteMessage ${queueArn}`]);
  });

  it('of a stream, too', () => {
    const { lambda, stream, add } = without('dynamodb:GetRecords');
    const functionArn = add('f', broken);

    expect(() =>
      lambda.mapStream({ functionArn, streamArn: stream.arn, startingPosition: 'LATEST' }),
    ).toThrow(/^Cannot access stream .*Please ensure the role can perform the GetRecords/);
  });

  it.each([
    ['s3:PutObject', 0],
    ['nothing', 1],
  ])('drops what it gave up when the role may not keep it: without %s it keeps %d', async (action, kept) => {
    const { lambda, stream, s3, add } = without(action);
    const functionArn = add('f', broken);
    lambda.mapStream({
      functionArn,
      streamArn: stream.arn,
      startingPosition: 'TRIM_HORIZON',
      maximumRetryAttempts: 0,
      onFailureArn: 'arn:aws:s3:::failures',
    });

    stream.append('a');

    await expect.poll(() => asked.join()).toContain('f s3:PutObject arn:aws:s3:::failures/aws/lambda/');
    const body = s3.handle({
      method: 'GET',
      url: '/failures?list-type=2',
      headers: {},
      body: Buffer.alloc(0),
    }).body;
    expect(String(body).match(/<Key>/g) ?? []).toHaveLength(kept);
    expect(logged.filter((line) => line.includes('is lost'))).toHaveLength(1 - kept);
  });
});

test('a function’s address answers nobody when not everybody may call it', async () => {
  fixture = createFixture({ dir, mayCallUrl: () => false });
  const { id } = fixture.lambda.createUrl(fixture.add('f', broken));
  const server = createServer((request, response) => void fixture?.lambda.urls.handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };

  const response = await fetch(`http://127.0.0.1:${port}/lambda-url/${id}/`);

  expect(response.status).toBe(403);
  expect(response.headers.get('x-amzn-errortype')).toBe('AccessDeniedException');
  expect(await response.json()).toMatchObject({ Message: expect.stringMatching(/^Forbidden/) });
  server.close();
});
