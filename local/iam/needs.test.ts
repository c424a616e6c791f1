import { describe, expect, test } from 'vitest';
import { mailBySmtp } from '../ses/mail.ts';
import { keysIn } from './access.ts';
import { jsonNeeds, restNeeds } from './actions/services.ts';
import { smtpNeeds } from './actions/ses.ts';
import type { Facts } from './need.ts';

const facts: Facts = {
  place: { region: 'eu-west-1', accountId: '111122223333' },
  partitionKeyOf: (_, index) => (index === undefined ? 'pk' : `${index}pk`),
  senderOf: ({ domain }) => ({ name: domain, configurationSet: 'tracked' }),
};
const arn = (service: string, path: string) => `arn:aws:${service}:eu-west-1:111122223333:${path}`;
const table = arn('dynamodb', 'table/Crm');
const queue = arn('sqs', 'Incoming');

const call = (service: string, action: string, input: object) =>
  jsonNeeds[service]?.needsOf(action, input as Record<string, unknown>, facts) ?? [];
const rest = (service: string, method: string, url: string, body = '') =>
  restNeeds[service]?.needsOf({ method, url, body: Buffer.from(body) }, facts) ?? [];
const rights = (needs: readonly { action: string; resource: string }[]) =>
  needs.map(({ action, resource }) => `${action} ${resource}`);

describe('a call of a service with JSON needs', () => {
  test.each<[string, string, object, string[]]>([
    ['dynamodb', 'PutItem', { TableName: 'Crm' }, [`dynamodb:PutItem ${table}`]],
    ['dynamodb', 'GetItem', { TableName: table }, [`dynamodb:GetItem ${table}`]],
    ['dynamodb', 'Query', { TableName: 'Crm', IndexName: 'gsi1' }, [`dynamodb:Query ${table}/index/gsi1`]],
    ['dynamodb', 'Scan', { TableName: 'Crm' }, [`dynamodb:Scan ${table}`]],
    [
      'dynamodb',
      'BatchGetItem',
      { RequestItems: { Crm: { Keys: [] }, Other: { Keys: [] } } },
      [`dynamodb:BatchGetItem ${table}`, `dynamodb:BatchGetItem ${arn('dynamodb', 'table/Other')}`],
    ],
    [
      'dynamodb',
      'TransactWriteItems',
      {
        TransactItems: [
          { Put: { TableName: 'Crm' } },
          { Update: { TableName: 'Crm' } },
          { Delete: { TableName: 'Crm' } },
          { ConditionCheck: { TableName: 'Crm' } },
        ],
      },
      ['PutItem', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem'].map((one) => `dynamodb:${one} ${table}`),
    ],
    [
      'dynamodb',
      'TransactGetItems',
      { TransactItems: [{ Get: { TableName: 'Crm' } }] },
      [`dynamodb:GetItem ${table}`],
    ],
    ['dynamodb', 'ListTables', {}, ['dynamodb:ListTables *']],
    ['dynamodb', 'TagResource', { ResourceArn: table }, [`dynamodb:TagResource ${table}`]],
    [
      'dynamodb',
      'DescribeStream',
      { StreamArn: `${table}/stream/1` },
      [`dynamodb:DescribeStream ${table}/stream/1`],
    ],
    [
      'dynamodb',
      'GetRecords',
      {
        ShardIterator: Buffer.from(JSON.stringify({ arn: `${table}/stream/1` })).toString('base64url'),
      },
      [`dynamodb:GetRecords ${table}/stream/1`],
    ],
    ['dynamodb', 'GetRecords', { ShardIterator: 'broken' }, ['dynamodb:GetRecords *']],
    ['dynamodb', 'NoSuchAction', {}, ['dynamodb:NoSuchAction *']],
    ['sqs', 'SendMessage', { QueueUrl: 'http://x/1/Incoming' }, [`sqs:SendMessage ${queue}`]],
    ['sqs', 'DeleteMessageBatch', { QueueUrl: 'http://x/1/Incoming' }, [`sqs:DeleteMessage ${queue}`]],
    ['sqs', 'GetQueueUrl', { QueueName: 'Incoming' }, [`sqs:GetQueueUrl ${queue}`]],
    ['sqs', 'ListQueues', {}, ['sqs:ListQueues *']],
    [
      'sqs',
      'StartMessageMoveTask',
      { SourceArn: queue, DestinationArn: arn('sqs', 'Other') },
      [
        `sqs:StartMessageMoveTask ${queue}`,
        `sqs:ReceiveMessage ${queue}`,
        `sqs:DeleteMessage ${queue}`,
        `sqs:GetQueueAttributes ${queue}`,
        `sqs:SendMessage ${arn('sqs', 'Other')}`,
      ],
    ],
    [
      'events',
      'PutEvents',
      { Entries: [{ EventBusName: 'crm' }, {}, { EventBusName: arn('events', 'event-bus/crm') }] },
      [
        `events:PutEvents ${arn('events', 'event-bus/crm')}`,
        `events:PutEvents ${arn('events', 'event-bus/default')}`,
      ],
    ],
    [
      'events',
      'DescribeEventBus',
      { Name: 'crm' },
      [`events:DescribeEventBus ${arn('events', 'event-bus/crm')}`],
    ],
    [
      'events',
      'ListTargetsByRule',
      { EventBusName: 'crm', Rule: 'all' },
      [`events:ListTargetsByRule ${arn('events', 'rule/crm/all')}`],
    ],
    ['events', 'DescribeRule', { Name: 'all' }, [`events:DescribeRule ${arn('events', 'rule/all')}`]],
    [
      'events',
      'StartReplay',
      { ReplayName: 'again' },
      [`events:StartReplay ${arn('events', 'replay/again')}`],
    ],
    ['events', 'ListArchives', {}, ['events:ListArchives *']],
    [
      'cognito-idp',
      'AdminGetUser',
      { UserPoolId: 'eu-west-1_1' },
      [`cognito-idp:AdminGetUser ${arn('cognito-idp', 'userpool/eu-west-1_1')}`],
    ],
    ['cognito-idp', 'ListUserPools', {}, ['cognito-idp:ListUserPools *']],
  ])('%s %s %j', (service, action, input, expected) => {
    expect(rights(call(service, action, input))).toEqual(expected);
  });
});

describe('a call of a service by path or form needs', () => {
  const mail = JSON.stringify({
    FromEmailAddress: 'Ann <ann@firm.example>',
    Destination: { ToAddresses: ['bob@x.example'] },
    Content: { Simple: { Subject: { Data: 'x' }, Body: { Text: { Data: 'x' } } } },
  });
  const invocations = (name: string) => `/2015-03-31/functions/${encodeURIComponent(name)}/invocations`;
  const relay = arn('lambda', 'function:relay');
  const mappings = '/2015-03-31/event-source-mappings/';
  const mapping = arn('lambda', 'event-source-mapping:1a');
  const tasks = arn('scheduler', 'schedule-group/tasks');
  const tagsOfTasks = `/tags/${encodeURIComponent(tasks)}`;

  test.each<[string, string, string, string, string[]]>([
    ['s3', 'PUT', '/failures/relay/1', '', ['s3:PutObject arn:aws:s3:::failures/relay/1']],
    ['s3', 'HEAD', '/failures/relay/1', '', ['s3:GetObject arn:aws:s3:::failures/relay/1']],
    ['s3', 'DELETE', '/failures/a%20b', '', ['s3:DeleteObject arn:aws:s3:::failures/a b']],
    ['s3', 'GET', '/failures?list-type=2', '', ['s3:ListBucket arn:aws:s3:::failures']],
    ['s3', 'GET', '/failures?location', '', ['s3:GetBucketLocation arn:aws:s3:::failures']],
    ['s3', 'GET', '/', '', ['s3:ListAllMyBuckets *']],
    ['lambda', 'POST', invocations('relay'), '', [`lambda:InvokeFunction ${relay}`]],
    ['lambda', 'POST', invocations(relay), '', [`lambda:InvokeFunction ${relay}`]],
    ['lambda', 'GET', '/2015-03-31/functions', '', ['lambda:InvokeFunction *']],
    ['lambda', 'GET', `${mappings}?FunctionName=relay`, '', ['lambda:ListEventSourceMappings *']],
    ['lambda', 'GET', `${mappings}1a`, '', [`lambda:GetEventSourceMapping ${mapping}`]],
    ['lambda', 'PUT', `${mappings}1a`, '{}', [`lambda:UpdateEventSourceMapping ${mapping}`]],
    [
      'scheduler',
      'POST',
      '/schedules/remind',
      JSON.stringify({ GroupName: 'tasks', Target: { RoleArn: 'arn:aws:iam::111122223333:role/calls' } }),
      [
        `scheduler:CreateSchedule ${arn('scheduler', 'schedule/tasks/remind')}`,
        'iam:PassRole arn:aws:iam::111122223333:role/calls',
      ],
    ],
    [
      'scheduler',
      'DELETE',
      '/schedules/remind?groupName=tasks',
      '',
      [`scheduler:DeleteSchedule ${arn('scheduler', 'schedule/tasks/remind')}`],
    ],
    [
      'scheduler',
      'GET',
      '/schedule-groups/tasks',
      '',
      [`scheduler:GetScheduleGroup ${arn('scheduler', 'schedule-group/tasks')}`],
    ],
    ['scheduler', 'GET', '/schedules', '', ['scheduler:ListSchedules *']],
    ['scheduler', 'POST', tagsOfTasks, '', [`scheduler:TagResource ${tasks}`]],
    ['scheduler', 'DELETE', `${tagsOfTasks}?TagKeys=team`, '', [`scheduler:UntagResource ${tasks}`]],
    ['scheduler', 'GET', tagsOfTasks, '', [`scheduler:ListTagsForResource ${tasks}`]],
    ['sns', 'POST', '/', 'Action=Publish&PhoneNumber=%2B441', ['sns:Publish *']],
    ['sns', 'POST', '/', `Action=Publish&TopicArn=${arn('sns', 't')}`, [`sns:Publish ${arn('sns', 't')}`]],
    [
      'ses',
      'POST',
      '/v2/email/outbound-emails',
      mail,
      [
        `ses:SendEmail ${arn('ses', 'identity/firm.example')}`,
        `ses:SendEmail ${arn('ses', 'configuration-set/tracked')}`,
      ],
    ],
    [
      'ses',
      'GET',
      '/v2/email/identities/firm.example',
      '',
      [`ses:GetEmailIdentity ${arn('ses', 'identity/firm.example')}`],
    ],
    ['ses', 'GET', '/v2/email/suppression/addresses', '', ['ses:ListSuppressedDestinations *']],
  ])('%s %s %s', (service, method, url, body, expected) => {
    expect(rights(rest(service, method, url, body))).toEqual(expected);
  });

  test('and tells sender and recipients of a mail', () => {
    const [need] = rest('ses', 'POST', '/v2/email/outbound-emails', mail);

    expect(need && keysIn(need)).toEqual({
      'ses:apiversion': ['2'],
      'ses:fromaddress': ['ann@firm.example'],
      'ses:fromdisplayname': ['Ann'],
      'ses:recipients': ['bob@x.example'],
    });
  });
});

describe('the condition keys of DynamoDB', () => {
  const keysOf = (action: string, input: object) => {
    const [need] = call('dynamodb', action, input);
    return need && keysIn(need);
  };

  test('of an item are its partition key and the names of its attributes', () => {
    const Item = { pk: { S: 'cus_1' }, sk: { S: 'profile' }, name: { S: 'Ada' } };
    const ConditionExpression = 'attribute_not_exists(pk) AND #v < :v OR a.b[0] = :c';
    const input = { Item, ConditionExpression, ExpressionAttributeNames: { '#v': 'version' } };

    expect(keysOf('PutItem', { TableName: 'Crm', ReturnValues: 'ALL_OLD', ...input })).toEqual({
      'dynamodb:leadingkeys': ['cus_1'],
      'dynamodb:attributes': ['pk', 'sk', 'name', 'version', 'a'],
      'dynamodb:returnvalues': ['ALL_OLD'],
    });
  });

  test('of a query are the partition that it reads, and what it selects', () => {
    const input = {
      TableName: 'Crm',
      IndexName: 'gsi1',
      KeyConditionExpression: '#p = :p and begins_with(gsi1sk, :s)',
      ExpressionAttributeNames: { '#p': 'gsi1pk' },
      ExpressionAttributeValues: { ':p': { S: 'products' }, ':s': { S: 'A' } },
      Select: 'ALL_ATTRIBUTES',
    };

    expect(keysOf('Query', input)).toEqual({
      'dynamodb:leadingkeys': ['products'],
      'dynamodb:attributes': ['gsi1pk', 'gsi1sk'],
      'dynamodb:select': ['ALL_ATTRIBUTES'],
    });
  });

  test('of a batch are those of all its items', () => {
    const request = [
      { PutRequest: { Item: { pk: { S: '1' }, a: { N: '1' } } } },
      { DeleteRequest: { Key: { pk: { N: '2' } } } },
    ];

    expect(keysOf('BatchWriteItem', { RequestItems: { Crm: request } })).toEqual({
      'dynamodb:leadingkeys': ['1', '2'],
      'dynamodb:attributes': ['pk', 'a'],
    });
  });

  test('of a transaction say that it is one', () => {
    const TransactItems = [{ Get: { TableName: 'Crm', Key: { pk: { S: '1' } } } }];

    expect(keysOf('TransactGetItems', { TransactItems })).toEqual({
      'dynamodb:leadingkeys': ['1'],
      'dynamodb:attributes': ['pk'],
      'dynamodb:enclosingoperation': ['TransactGetItems'],
    });
  });
});

test('of events the sources and types of all entries of a bus are told', () => {
  const Entries = [
    { Source: 'fidelia', DetailType: 'a' },
    { Source: 'fidelia', DetailType: 'b' },
  ];
  const [need] = call('events', 'PutEvents', { Entries });

  expect(need && keysIn(need)).toEqual({
    'events:source': ['fidelia'],
    'events:detail-type': ['a', 'b'],
    'events:eventbusinvocation': ['false'],
  });
});

test('a mail by SMTP needs the right to send raw mail from its sender, with its configuration set', () => {
  const raw = Buffer.from('From: Firm <news@firm.example>\r\nTo: ann@x.example\r\n\r\nHi');
  const needs = smtpNeeds(mailBySmtp(raw, { from: 'bounces@firm.example', to: ['bob@x.example'] }), facts);

  expect(rights(needs)).toEqual([
    `ses:SendRawEmail ${arn('ses', 'identity/firm.example')}`,
    `ses:SendRawEmail ${arn('ses', 'configuration-set/tracked')}`,
  ]);
  expect(needs[0] && keysIn(needs[0])).toEqual({
    'ses:apiversion': ['1'],
    'ses:fromaddress': ['news@firm.example'],
    'ses:fromdisplayname': ['Firm'],
    'ses:recipients': ['bob@x.example'],
  });
});

describe('a resource that the service does not look at gives no right to another', () => {
  const other = { TableName: 'Mine', StreamArn: 'mine', SourceArn: 'mine', QueueName: 'mine', Rule: 'mine' };
  const stream = `${table}/stream/1`;
  const ShardIterator = Buffer.from(JSON.stringify({ arn: stream })).toString('base64url');

  test.each<[string, string, object, string]>([
    ['dynamodb', 'TagResource', { ResourceArn: table }, table],
    ['dynamodb', 'DescribeStream', { StreamArn: stream }, stream],
    ['dynamodb', 'GetRecords', { ShardIterator }, stream],
    ['dynamodb', 'PutItem', { TableName: 'Crm', IndexName: 'gsi1' }, table],
    ['sqs', 'SendMessage', { QueueUrl: 'http://x/1/Incoming' }, queue],
    ['sqs', 'GetQueueUrl', { QueueUrl: 'http://x/1/mine', QueueName: 'Incoming' }, queue],
    ['sqs', 'StartMessageMoveTask', { QueueUrl: 'http://x/1/mine', SourceArn: queue }, queue],
    ['events', 'DescribeRule', { Name: 'all' }, arn('events', 'rule/all')],
    ['events', 'DescribeEventBus', { EventBusName: 'mine' }, arn('events', 'event-bus/default')],
  ])('%s %s %j', (service, action, input, expected) => {
    expect(call(service, action, { ...other, ...input })[0]?.resource).toBe(expected);
  });

  test('nor does a path that leads on to another function', () => {
    const url = '/2015-03-31/functions/mine/invocations/../../relay/invocations';

    expect(rights(rest('lambda', 'POST', url))).toEqual([
      `lambda:InvokeFunction ${arn('lambda', 'function:relay')}`,
    ]);
  });
});

test('what is malformed needs nothing that could not be told, and the service refuses it', () => {
  for (const input of [
    { RequestItems: null },
    { TransactItems: [null, 1, { Put: 'x' }] },
    { TableName: 1 },
  ]) {
    for (const action of ['BatchGetItem', 'TransactWriteItems', 'PutItem']) {
      expect(() => call('dynamodb', action, input)).not.toThrow();
    }
  }
  expect(call('events', 'PutEvents', { Entries: [null, 'x'] })).toEqual([]);
});
