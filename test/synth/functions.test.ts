import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { manifest } from '../../graphql/manifest.ts';
import { consumerNames, functionNames } from '../../infra/function-names.ts';
import * as grants from '../../infra/grants.ts';
import { compileFilter } from '../../local/lambda/filter.ts';
import { type Assembly, assemblyOf, ofType, removeAssemblies, target } from './assembly.ts';
import { functionsOf, rightsOf, statementsOf } from './rights.ts';
import { sharedRoles, wildcardGrants } from './rules.ts';

let acme: Assembly;

beforeAll(async () => {
  acme = await assemblyOf('acme');
}, 60_000);

afterAll(removeAssemblies);

const queueRights = (queue: string) =>
  ['DeleteMessage', 'GetQueueAttributes', 'ReceiveMessage'].map(
    (action) => `sqs:${action} ${queue}IncomingQueue`,
  );

const tableRights = ({ crm = [], indexes = [], technical = [] }: grants.TableGrants) => [
  ...crm.map((action) => `dynamodb:${action} Crm`),
  ...indexes.map((index) => `dynamodb:Query Crm/index/${index}`),
  ...technical.map((action) => `dynamodb:${action} Technical`),
];

const poolRights = (...actions: string[]) => actions.map((action) => `cognito-idp:${action} StaffUserPool`);

describe('the functions', () => {
  test('are one each for the contexts of the API, the relay and the consumers', () => {
    const names = functionsOf(acme.app).map(({ name }) => name);
    const others = [...consumerNames, 'relay', 'unsubscribe'];
    const api = new Set(Object.values(manifest).filter((source) => source !== 'publish'));
    expect(names.sort()).toEqual([...api, ...others].sort());
    expect(names).toEqual([...functionNames].sort());
  });

  test('run as the same bundles on arm64, traced by the platform', () => {
    for (const [, { Properties }] of ofType(acme.app, 'AWS::Lambda::Function')) {
      expect(Properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        Handler: 'index.handler',
        TracingConfig: { Mode: 'Active' },
      });
      expect(Properties).not.toHaveProperty('ReservedConcurrentExecutions');
      // It would put the credentials elsewhere than bundles look for them.
      expect(Properties).not.toHaveProperty('SnapStart');
    }
  });

  test('have a role each', () => {
    expect(sharedRoles(acme.app)).toEqual([]);
  });

  test('may call what they call, and nothing else', () => {
    const { apiGrants } = grants;
    const expected: Readonly<Record<string, readonly string[]>> = {
      ...Object.fromEntries(Object.entries(apiGrants).map(([name, its]) => [name, tableRights(its)])),
      team: [...tableRights(apiGrants.team), ...poolRights(...grants.directoryGrants.team)],
      nodes: [...tableRights(apiGrants.nodes), ...poolRights(...grants.directoryGrants.nodes)],
      relay: [
        'dynamodb:DescribeStream Crm/stream',
        'dynamodb:GetRecords Crm/stream',
        'dynamodb:GetShardIterator Crm/stream',
        'dynamodb:ListStreams Crm/stream',
        'events:PutEvents Bus',
        's3:ListBucket FailedBatches',
        's3:PutObject FailedBatches/aws/lambda/*',
        's3:PutObject FailedBatches/relay/*',
      ],
      scoring: [...tableRights(grants.scoringGrants), ...queueRights('Scoring')],
      'live-updates': [
        'appsync:GraphQL GraphQLApi/types/Mutation/fields/_publishCustomerActivity',
        'appsync:GraphQL GraphQLApi/types/Mutation/fields/_publishNotification',
        ...queueRights('LiveUpdates'),
      ],
      lifecycle: [...tableRights(grants.lifecycleGrants), ...queueRights('Lifecycle')],
      notification: [
        ...tableRights(grants.notificationGrants),
        ...queueRights('Notification'),
        ...poolRights('ListUsers', 'ListUsersInGroup'),
        'ses:SendEmail arn:aws:ses:eu-central-1:222222222222:configuration-set/fidelia-acme',
        'ses:SendEmail arn:aws:ses:eu-central-1:222222222222:identity/acme.example',
      ],
      'mail-events': [...tableRights(grants.mailEventsGrants), ...queueRights('MailEvents')],
      'partner-sharing': [
        ...tableRights(grants.partnerSharingGrants),
        ...queueRights('PartnerSharing'),
        'events:PutEvents arn:aws:events:eu-central-1:222222222222:event-bus/fidelia-acme-partner-carrier',
      ],
      unsubscribe: tableRights(grants.unsubscribeGrants),
    };
    const rights = functionsOf(acme.app).map(({ name, roleId }) => [name, rightsOf(acme.app, roleId)]);
    expect(Object.fromEntries(rights)).toEqual(
      Object.fromEntries(Object.entries(expected).map(([name, its]) => [name, [...its].sort()])),
    );
  });

  test('are handed what says what has happened, where they read the stream, and nothing else', () => {
    const [, mapping] =
      ofType(acme.app, 'AWS::Lambda::EventSourceMapping').find(([id]) => id.startsWith('Relay')) ?? [];
    const filters = mapping?.Properties.FilterCriteria as { Filters: { Pattern: string }[] };
    const passes = compileFilter(filters.Filters.map(({ Pattern }) => Pattern));
    const change = { M: { id: { S: '01J' }, events: { L: [] } } };
    const record = (image: object) => ({ eventName: 'MODIFY', dynamodb: { Keys: {}, ...image } });

    expect(passes(record({ NewImage: { pk: { S: 'x' }, change } }))).toBe(true);
    expect(passes(record({ NewImage: { pk: { S: 'x' } } }))).toBe(false);
    expect(passes(record({ NewImage: { pk: { S: 'x' } }, OldImage: { change } }))).toBe(false);
    expect(passes(record({ OldImage: { change } }))).toBe(false);
  });

  test('send mail from the address of the tenant only', () => {
    const { roleId = '' } = functionsOf(acme.app).find(({ name }) => name === 'notification') ?? {};
    const sending = statementsOf(acme.app, roleId).filter(({ Action }) => Action === 'ses:SendEmail');
    expect(sending.map(({ Condition }) => Condition)).toEqual([
      { StringEquals: { 'ses:FromAddress': 'kontakt@acme.example' } },
    ]);
  });

  test('are called from outside by nobody, but for the one that unsubscribes', () => {
    const callers = ofType(acme.app, 'AWS::Lambda::Permission').map(([, { Properties }]) => Properties);
    expect(callers.map(({ FunctionName }) => target(FunctionName))).toEqual([
      expect.stringMatching(/^Unsubscribe/),
      expect.stringMatching(/^Unsubscribe/),
    ]);
    // Both ask for the address of the function: nobody gets past it.
    expect(callers).toMatchObject([
      { Action: 'lambda:InvokeFunctionUrl', FunctionUrlAuthType: 'NONE' },
      { Action: 'lambda:InvokeFunction', InvokedViaFunctionUrl: true },
    ]);
  });

  test('get no wildcard but where AWS leaves no choice', () => {
    expect(wildcardGrants(acme.app)).toEqual([]);
  });

  test('find the tables and their own settings in the environment', () => {
    const common = ['LOG_LEVEL', 'POWERTOOLS_SERVICE_NAME', 'TABLE_NAME', 'TECHNICAL_TABLE_NAME', 'TENANT'];
    const more: Readonly<Record<string, readonly string[]>> = {
      relay: ['BUS_NAME', 'FAILURES_BUCKET'],
      'live-updates': ['GRAPHQL_URL'],
      team: ['USER_POOL_ID'],
      nodes: ['USER_POOL_ID'],
      notification: ['CONFIGURATION_SET', 'UNSUBSCRIBE_URL', 'USER_POOL_ID'],
    };
    for (const { name, environment } of functionsOf(acme.app)) {
      expect(Object.keys(environment).sort()).toEqual([...common, ...(more[name] ?? [])].sort());
    }
  });

  test('find what the tenant has decided beside their code', () => {
    const { files } = JSON.parse(readFileSync(join(acme.folder, 'fidelia-acme-app.assets.json'), 'utf8')) as {
      readonly files: Readonly<Record<string, { readonly source: { readonly path: string } }>>;
    };
    const bundles = Object.values(files)
      .map(({ source }) => join(acme.folder, source.path))
      .filter((path) => existsSync(join(path, 'index.mjs')));
    expect(bundles).not.toHaveLength(0);
    for (const bundle of bundles) {
      expect(JSON.parse(readFileSync(join(bundle, 'tenant.json'), 'utf8'))).toMatchObject({
        title: 'ACME',
        engagement: { halfLifeDays: 45, points: { PHONE: { inbound: 8, outbound: 3 }, sale: 20 } },
        partners: { carrier: { title: 'Swift Carriers', busName: 'fidelia-acme-partner-carrier' } },
      });
    }
  });
});
