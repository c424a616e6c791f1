import { describe, expect, test } from 'vitest';
import { deploy } from '../deploy.ts';
import { lambdaTypes } from './lambda.ts';

const bundle = '/assembly/asset.bundle';

const place = { region: 'eu-central-1', accountId: '111122223333' };
const queue = 'arn:aws:sqs:eu-central-1:111122223333:q';
const stream = 'arn:aws:dynamodb:eu-central-1:111122223333:table/t/stream/1';

type Resources = Record<string, { Type: string; Properties: Record<string, unknown> }>;

function deployed(Resources: Resources) {
  const heard: [string, unknown][] = [];
  const hear = (what: string) => (definition: unknown) => {
    heard.push([what, definition]);
  };
  const lambda = lambdaTypes({
    lambda: {
      createFunction: hear('function'),
      configureAsync: (functionArn: string, config: unknown) => {
        heard.push(['async', [functionArn, config]]);
      },
      start: () => {},
      mapStream: hear('stream'),
      mapQueue: hear('queue'),
      createUrl(functionArn: string) {
        heard.push(['url', functionArn]);
        return { id: 'abc' };
      },
    } as Parameters<typeof lambdaTypes>[0]['lambda'],
    urlOf: (id) => `http://127.0.0.1:4000/lambda-url/${id}/`,
  });
  const assets = new Map([['bundle.zip', bundle]]);
  const Outputs: Record<string, { Value: unknown }> = Object.fromEntries(
    Object.keys(Resources).map((id) => [id, { Value: { Ref: id } }]),
  );
  if (Resources.Url) Outputs.address = { Value: { 'Fn::GetAtt': ['Url', 'FunctionUrl'] } };
  const stack = {
    name: 'app',
    accountId: undefined,
    region: undefined,
    template: { Resources, Outputs },
    assets,
  };
  const { outputs } = deploy([stack], lambda.types, place);
  return { heard, refs: outputs.get('app') ?? {}, start: lambda.start };
}

const lambda = (more: object = {}) => ({
  Type: 'AWS::Lambda::Function',
  Properties: {
    FunctionName: 'relay',
    Code: { S3Bucket: 'assets', S3Key: 'bundle.zip' },
    Handler: 'index.handler',
    Runtime: 'nodejs24.x',
    Role: 'arn:aws:iam::111122223333:role/relay',
    ...more,
  },
});
const mapping = (properties: object) => ({
  Type: 'AWS::Lambda::EventSourceMapping',
  Properties: { FunctionName: { Ref: 'Relay' }, ...properties },
});

describe('a function', () => {
  test('is made from its asset, with the defaults of Lambda', () => {
    const { heard, refs } = deployed({ Relay: lambda({ Environment: { Variables: { A: '1' } } }) });

    expect(refs.Relay).toBe('relay');
    expect(heard).toEqual([
      [
        'function',
        {
          name: 'relay',
          arn: 'arn:aws:lambda:eu-central-1:111122223333:function:relay',
          roleArn: 'arn:aws:iam::111122223333:role/relay',
          assetDir: bundle,
          handler: 'index.handler',
          env: { A: '1' },
          timeoutSeconds: 3,
          memoryMb: 128,
        },
      ],
    ]);
  });

  test.each([
    [{ Runtime: 'python3.13' }, 'the runtime python3.13 does not run here: only nodejs24.x does'],
    [{ Code: { S3Key: 'other.zip' } }, 'its code {"S3Key":"other.zip"} is no asset of the assembly'],
    [{ Layers: ['x'] }, 'does not know the property Layers'],
  ])('with %j is refused', (properties, message) => {
    expect(() => deployed({ Relay: lambda(properties) })).toThrow(message);
  });
});

describe('asynchronous invocation', () => {
  const config = (properties: object) => ({
    Relay: lambda({ DeadLetterConfig: { TargetArn: queue } }),
    Config: {
      Type: 'AWS::Lambda::EventInvokeConfig',
      Properties: { FunctionName: { Ref: 'Relay' }, Qualifier: '$LATEST', ...properties },
    },
  });

  test('is configured as the template says', () => {
    const { heard } = deployed(
      config({
        MaximumRetryAttempts: 0,
        MaximumEventAgeInSeconds: 60,
        DestinationConfig: { OnFailure: { Destination: queue } },
      }),
    );

    const arn = 'arn:aws:lambda:eu-central-1:111122223333:function:relay';
    expect(heard).toEqual([
      ['function', expect.objectContaining({ deadLetterArn: queue })],
      ['async', [arn, { maximumRetryAttempts: 0, maximumEventAgeSeconds: 60, onFailureArn: queue }]],
    ]);
  });

  test('of a version is refused', () => {
    expect(() => deployed(config({ Qualifier: 'live' }))).toThrow('Qualifier live does not run here');
  });
});

describe('a function URL', () => {
  const url = (properties: object) => ({
    Relay: lambda(),
    Url: {
      Type: 'AWS::Lambda::Url',
      Properties: { TargetFunctionArn: { 'Fn::GetAtt': ['Relay', 'Arn'] }, ...properties },
    },
  });

  test('gives its function an address on the public port', () => {
    const { heard, refs } = deployed(url({ AuthType: 'NONE', InvokeMode: 'BUFFERED' }));

    const arn = 'arn:aws:lambda:eu-central-1:111122223333:function:relay';
    expect(heard.at(-1)).toEqual(['url', arn]);
    expect(refs).toMatchObject({ Url: arn, address: 'http://127.0.0.1:4000/lambda-url/abc/' });
  });

  test.each([
    [{ AuthType: 'AWS_IAM' }, 'AuthType AWS_IAM does not run here: only NONE does'],
    [
      { AuthType: 'NONE', InvokeMode: 'RESPONSE_STREAM' },
      'InvokeMode RESPONSE_STREAM does not run here: only BUFFERED does',
    ],
    [{ AuthType: 'NONE', Cors: {} }, 'does not know the property Cors'],
  ])('with %j is refused', (properties, message) => {
    expect(() => deployed(url(properties))).toThrow(message);
  });
});

describe('an event source mapping', () => {
  test('begins only when all is there, with everything that the template says', () => {
    const { heard, start } = deployed({
      Relay: lambda(),
      Stream: mapping({
        EventSourceArn: stream,
        StartingPosition: 'TRIM_HORIZON',
        BatchSize: 100,
        BisectBatchOnFunctionError: true,
        MaximumRetryAttempts: 10,
        MaximumRecordAgeInSeconds: 3600,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        DestinationConfig: { OnFailure: { Destination: 'arn:aws:s3:::failed' } },
      }),
      Queue: mapping({
        EventSourceArn: queue,
        ScalingConfig: { MaximumConcurrency: 2 },
        FilterCriteria: { Filters: [{ Pattern: '{"body":{}}' }] },
      }),
    });
    expect(heard.map(([what]) => what)).toEqual(['function']);

    start();

    const functionArn = 'arn:aws:lambda:eu-central-1:111122223333:function:relay';
    expect(heard.slice(1)).toEqual([
      [
        'stream',
        {
          functionArn,
          streamArn: stream,
          startingPosition: 'TRIM_HORIZON',
          batchSize: 100,
          reportBatchItemFailures: true,
          bisectOnError: true,
          maximumRetryAttempts: 10,
          maximumRecordAgeSeconds: 3600,
          onFailureArn: 'arn:aws:s3:::failed',
        },
      ],
      [
        'queue',
        {
          functionArn,
          queueArn: queue,
          reportBatchItemFailures: false,
          filterPatterns: ['{"body":{}}'],
          maximumConcurrency: 2,
        },
      ],
    ]);
  });

  test('that is switched off never begins', () => {
    const { heard, start } = deployed({
      Relay: lambda(),
      Off: mapping({ EventSourceArn: queue, Enabled: false }),
    });
    start();

    expect(heard.map(([what]) => what)).toEqual(['function']);
  });

  test.each([
    [
      { EventSourceArn: stream, StartingPosition: 'AT_TIMESTAMP' },
      'StartingPosition AT_TIMESTAMP does not run here',
    ],
    [{ EventSourceArn: queue, BatchSize: 11 }, 'BatchSize is 11: beyond 10 a queue needs'],
    [{ EventSourceArn: queue, BatchSize: 0 }, 'BatchSize is 0: give a whole number from 1 to 10000'],
    [
      { EventSourceArn: queue, ScalingConfig: { MaximumConcurrency: 1 } },
      'MaximumConcurrency is 1: give a whole number from 2 to 1000',
    ],
    [
      { EventSourceArn: stream, StartingPosition: 'LATEST', MaximumRecordAgeInSeconds: 59 },
      'MaximumRecordAgeInSeconds is 59',
    ],
    [{ EventSourceArn: queue, FunctionResponseTypes: ['All'] }, 'FunctionResponseTypes has All'],
    [
      { EventSourceArn: queue, FilterCriteria: { Filters: Array(11).fill({ Pattern: '{}' }) } },
      'FilterCriteria has 11 filters: give at most 10',
    ],
    [{ EventSourceArn: 'arn:aws:kinesis:x' }, 'the event source arn:aws:kinesis:x does not run here'],
    [{ EventSourceArn: queue, Topics: ['x'] }, 'does not know the property Topics'],
  ])('with %j is refused', (properties, message) => {
    expect(() => deployed({ Relay: lambda(), Bad: mapping(properties) })).toThrow(message);
  });
});
