import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { consumerNames } from '../../infra/function-names.ts';
import { type Assembly, assemblyOf, ofType, removeAssemblies, target } from './assembly.ts';
import { functionsOf } from './rights.ts';
import { unsafeTargets, unwatchedQueues } from './rules.ts';

let acme: Assembly;

beforeAll(async () => {
  acme = await assemblyOf('acme');
}, 60_000);

afterAll(removeAssemblies);

describe('the way of an event', () => {
  test('leads from a rule to a queue, never to a function', () => {
    expect(unsafeTargets(acme.app)).toEqual([]);
  });

  test('loses nothing: what fails lies in a watched dead-letter queue', () => {
    expect(unwatchedQueues(acme.app)).toEqual([]);
  });

  test('gives a message five tries, and keeps its dead letter longer than the message itself', () => {
    const queues = ofType(acme.app, 'AWS::SQS::Queue').map(([, { Properties }]) => Properties);
    const [consumed, dead] = [true, false].map((is) =>
      queues.filter((queue) => 'RedrivePolicy' in queue === is),
    );
    expect(consumed).toHaveLength(consumerNames.length);
    expect(dead).toHaveLength(consumerNames.length);
    for (const queue of consumed ?? []) {
      expect(queue).toMatchObject({
        RedrivePolicy: { maxReceiveCount: 5 },
        MessageRetentionPeriod: 4 * 86_400,
      });
    }
    for (const queue of dead ?? []) {
      expect(queue).toMatchObject({ MessageRetentionPeriod: 14 * 86_400 });
    }
  });

  test('hides a message for six times the timeout of its consumer, which reports partial failures', () => {
    const mappings = ofType(acme.app, 'AWS::Lambda::EventSourceMapping')
      .map(([, { Properties }]) => Properties)
      .filter(({ ScalingConfig }) => ScalingConfig !== undefined);
    expect(mappings).toHaveLength(consumerNames.length);
    for (const mapping of mappings) {
      const queue = acme.app.Resources[target(mapping.EventSourceArn) ?? ''];
      const consumer = acme.app.Resources[target(mapping.FunctionName) ?? ''];
      expect(queue?.Properties.VisibilityTimeout).toBe(6 * Number(consumer?.Properties.Timeout));
      expect(mapping).toMatchObject({ BatchSize: 10, FunctionResponseTypes: ['ReportBatchItemFailures'] });
    }
  });

  test('starts at the stream, whose failed batches end in the bucket', () => {
    const [mapping] = ofType(acme.app, 'AWS::Lambda::EventSourceMapping')
      .map(([, { Properties }]) => Properties)
      .filter(({ StartingPosition }) => StartingPosition !== undefined);
    expect(mapping).toMatchObject({
      BatchSize: 100,
      BisectBatchOnFunctionError: true,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      MaximumRetryAttempts: -1,
      MaximumRecordAgeInSeconds: 43_200,
      StartingPosition: 'TRIM_HORIZON',
    });
    expect(JSON.stringify(mapping?.DestinationConfig)).toContain('FailedBatches');
  });

  test('brings each event to who waits for it: from an archive only where that changes nothing twice, from an import where it tells nobody', () => {
    const rules = ofType(acme.app, 'AWS::Events::Rule').map(([id, { Properties }]) => [
      id.replace(/Rule.*/, ''),
      Properties.EventPattern ?? Properties.ScheduleExpression,
    ]);
    const source = ['fidelia'];
    const live = { source, 'replay-name': [{ exists: false }] };
    expect(Object.fromEntries(rules)).toEqual({
      Scoring: {
        source,
        'detail-type': ['crm.interaction.logged.v1', 'crm.order.placed.v1', 'crm.order.changed.v1'],
        detail: {
          $or: [
            { type: ['crm.interaction.logged.v1', 'crm.order.placed.v1'] },
            { type: ['crm.order.changed.v1'], data: { state: ['CANCELLED'] } },
            { type: ['crm.order.changed.v1'], data: { previousState: ['CANCELLED'] } },
          ],
        },
      },
      LiveUpdates: {
        ...live,
        'detail-type': [
          'crm.customer.created.v1',
          'crm.customer.updated.v1',
          'crm.consent.recorded.v1',
          'crm.interaction.logged.v1',
          'crm.order.placed.v1',
          'crm.order.changed.v1',
          'crm.score.changed.v1',
          'crm.customer.stage-changed.v1',
          'crm.score.threshold-crossed.v1',
          'crm.notification.created.v1',
        ],
      },
      Lifecycle: 'rate(1 minute)',
      Notification: {
        ...live,
        detail: {
          via: ['API', { exists: false }],
          $or: [
            { type: ['crm.interaction.logged.v1'], data: { direction: ['INBOUND'] } },
            { type: ['crm.order.placed.v1'], data: { kind: ['SALE'] } },
            { type: ['crm.customer.stage-changed.v1'], data: { stage: ['LAPSING'] } },
            { type: ['crm.customer.stage-changed.v1'], data: { stage: ['LAPSED'] } },
            { type: ['crm.score.threshold-crossed.v1'], data: { to: ['ABOVE'] } },
          ],
        },
        'detail-type': [
          'crm.interaction.logged.v1',
          'crm.order.placed.v1',
          'crm.customer.stage-changed.v1',
          'crm.score.threshold-crossed.v1',
        ],
      },
      MailEvents: {
        source: ['aws.ses'],
        detail: { mail: { tags: { 'ses:configuration-set': ['fidelia-acme'] } } },
      },
      PartnerSharing: {
        ...live,
        'detail-type': [
          'crm.customer.created.v1',
          'crm.customer.updated.v1',
          'crm.interaction.logged.v1',
          'crm.order.placed.v1',
          'crm.order.changed.v1',
          'crm.customer.stage-changed.v1',
        ],
      },
    });
  });

  test('takes what is not our own from the default bus, and all else from that of the tenant', () => {
    const onDefault = ofType(acme.app, 'AWS::Events::Rule')
      .filter(([, { Properties }]) => Properties.EventBusName === undefined)
      .map(([id]) => id.replace(/Rule.*/, ''));
    expect(onDefault).toEqual(['Lifecycle', 'MailEvents']);
  });

  test('is kept for 30 days in the archive of the bus', () => {
    expect(ofType(acme.app, 'AWS::Events::Archive').map(([, { Properties }]) => Properties)).toMatchObject([
      {
        ArchiveName: 'fidelia-acme',
        EventPattern: { source: ['fidelia'] },
        RetentionDays: 30,
        SourceArn: { 'Fn::GetAtt': [expect.stringMatching(/^Bus/), 'Arn'] },
      },
    ]);
  });
});

describe('mail', () => {
  test('leaves over TLS only, never again for who bounced or complained, and says what became of it', () => {
    expect(
      ofType(acme.app, 'AWS::SES::ConfigurationSet').map(([, { Properties }]) => Properties),
    ).toMatchObject([
      {
        Name: 'fidelia-acme',
        DeliveryOptions: { TlsPolicy: 'REQUIRE' },
        ReputationOptions: { ReputationMetricsEnabled: true },
        SuppressionOptions: { SuppressedReasons: ['BOUNCE', 'COMPLAINT'] },
      },
    ]);
    const [[, destination] = []] = ofType(acme.app, 'AWS::SES::ConfigurationSetEventDestination');
    expect(destination?.Properties.EventDestination).toEqual({
      Enabled: true,
      EventBridgeDestination: { EventBusArn: 'arn:aws:events:eu-central-1:222222222222:event-bus/default' },
      MatchingEventTypes: ['send', 'delivery', 'deliveryDelay', 'bounce', 'complaint', 'reject'],
    });
  });

  test('names as the place to unsubscribe the address of the function, without the slash at its end', () => {
    const { environment } = functionsOf(acme.app).find(({ name }) => name === 'notification') ?? {};
    const url = { 'Fn::GetAtt': [expect.stringMatching(/^UnsubscribeFunctionUrl/), 'FunctionUrl'] };
    const slashAndMark = { 'Fn::Join': ['', [url, '#']] };
    expect(environment?.UNSUBSCRIBE_URL).toEqual({
      'Fn::Select': [0, { 'Fn::Split': ['/#', slashAndMark] }],
    });
    expect('https://x.lambda-url.eu-central-1.on.aws/#'.split('/#')[0]).toBe(
      'https://x.lambda-url.eu-central-1.on.aws',
    );
  });
});

test('an assembly tells tools where everything is', () => {
  const { data, app } = acme;
  expect(
    Object.keys({ ...data.Outputs, ...app.Outputs })
      .filter((name) => !name.startsWith('Exports'))
      .sort(),
  ).toEqual([
    'archiveArn',
    'eventBusName',
    'graphqlUrl',
    'realtimeUrl',
    'region',
    'tableName',
    'technicalTableName',
    'unsubscribeUrl',
    'userPoolClientId',
    'userPoolId',
  ]);
  expect(app.Outputs?.region?.Value).toBe('eu-central-1');
});
