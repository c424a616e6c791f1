import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import { type ApiFunction, manifest } from '../../graphql/manifest.ts';
import { Alarms } from '../constructs/alarms.ts';
import { CrmApi } from '../constructs/api.ts';
import { Consumer } from '../constructs/consumer.ts';
import { FideliaFunction, type FunctionDefaults } from '../constructs/function.ts';
import { Relay } from '../constructs/relay.ts';
import { apiGrants, grantTables, scoringGrants } from '../grants.ts';
import type { Tenant } from '../tenant.ts';
import type { DataStack } from './data.ts';

export interface AppStackProps {
  readonly tenant: Tenant;
  readonly data: DataStack;
  /** The folder of each function's bundle by the function's name. */
  readonly bundles: ReadonlyMap<string, string>;
  /** File of the schema, merged and without descriptions. */
  readonly schemaFile: string;
  /** Files of the resolver code. */
  readonly resolvers: { readonly invoke: string; readonly publish: string };
}

/** What can be deleted and deployed again: functions, queues, the bus, the API. */
export class AppStack extends Stack {
  constructor(scope: Construct, { tenant, data, bundles, schemaFile, resolvers }: AppStackProps) {
    super(scope, `fidelia-${tenant.tenant}-app`, {
      env: { account: tenant.account, region: tenant.region },
      description: `Fidelia for ${tenant.tenant}: application`,
    });
    const alarms = new Alarms(this, 'Alarms', { email: tenant.opsEmail });
    const bus = new EventBus(this, 'Bus', { eventBusName: `fidelia-${tenant.tenant}` });
    const defaults: FunctionDefaults = {
      alarms,
      bundles,
      logRetention: tenant.logRetentionDays,
      environment: {
        TENANT: tenant.tenant,
        TABLE_NAME: data.table.tableName,
        TECHNICAL_TABLE_NAME: data.technicalTable.tableName,
        LOG_LEVEL: 'INFO',
      },
    };

    const functions = Object.fromEntries(
      Object.entries(apiGrants).map(([name, grants]) => {
        const lambda = new FideliaFunction(this, `Api-${name}`, {
          ...defaults,
          name,
          description: `Answers the fields of the API that belong to ${name}.`,
          memorySize: 1024,
          // AppSync itself gives up after 30 seconds.
          timeout: Duration.seconds(28),
        });
        grantTables(lambda, data, grants);
        return [name as ApiFunction, lambda];
      }),
    );
    const api = new CrmApi(this, 'GraphQL', {
      alarms,
      name: `fidelia-${tenant.tenant}`,
      schemaFile,
      manifest,
      functions,
      invokeCode: resolvers.invoke,
      publishCode: resolvers.publish,
      userPool: data.staff.userPool,
      introspection: tenant.introspection,
      logRetention: tenant.logRetentionDays,
    });

    new Relay(this, 'Relay', { ...defaults, table: data.table, bus, failures: data.failedBatches });
    const scoring = new Consumer(this, 'Scoring', {
      ...defaults,
      name: 'scoring',
      description: "Keeps each customer's score in step with interactions and orders.",
      bus,
      events: ['crm.interaction.logged.v1', 'crm.order.placed.v1'],
      memorySize: 512,
      timeout: Duration.seconds(30),
      maxConcurrency: 10,
    });
    grantTables(scoring.function, data, scoringGrants);
    const liveUpdates = new Consumer(this, 'LiveUpdates', {
      ...defaults,
      environment: { ...defaults.environment, GRAPHQL_URL: api.api.graphqlUrl },
      name: 'live-updates',
      description: 'Tells the subscribers of the API that something about a customer changed.',
      bus,
      events: [
        'crm.customer.created.v1',
        'crm.customer.updated.v1',
        'crm.interaction.logged.v1',
        'crm.order.placed.v1',
        'crm.score.changed.v1',
      ],
      memorySize: 512,
      timeout: Duration.seconds(30),
      maxConcurrency: 10,
    });
    liveUpdates.function.allow(
      ['appsync:GraphQL'],
      [`${api.api.arn}/types/Mutation/fields/_publishCustomerActivity`],
    );

    new CfnOutput(this, 'graphqlUrl', { value: api.api.graphqlUrl });
    new CfnOutput(this, 'realtimeUrl', { value: api.realtimeUrl });
    new CfnOutput(this, 'eventBusName', { value: bus.eventBusName });
    new CfnOutput(this, 'region', { value: tenant.region });
  }
}
