import { CfnOutput, Duration, Fn, Stack } from 'aws-cdk-lib';
import { Table } from 'aws-cdk-lib/aws-dynamodb';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { FunctionUrlAuthType } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { type ApiFunction, manifest } from '../../graphql/manifest.ts';
import { Alarms } from '../constructs/alarms.ts';
import { CrmApi } from '../constructs/api.ts';
import { Firewall } from '../constructs/firewall.ts';
import { FideliaFunction, type FunctionDefaults } from '../constructs/function.ts';
import { Mail } from '../constructs/mail.ts';
import { Overview } from '../constructs/overview.ts';
import { Relay } from '../constructs/relay.ts';
import { type Tables, watchTable } from '../constructs/table.ts';
import { apiGrants, directoryGrants, grantTables, unsubscribeGrants } from '../grants.ts';
import type { Tenant } from '../tenant.ts';
import { addConsumers } from './consumers.ts';
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

/** What can be deleted and deployed again: functions, queues, the bus with its archive, the API. */
export class AppStack extends Stack {
  constructor(scope: Construct, { tenant, data, bundles, schemaFile, resolvers }: AppStackProps) {
    const name = `fidelia-${tenant.tenant}`;
    super(scope, `${name}-app`, {
      env: { account: tenant.account, region: tenant.region },
      description: `Fidelia for ${tenant.tenant}: application`,
    });
    const alarms = new Alarms(this, 'Alarms', { email: tenant.opsEmail });
    const bus = new EventBus(this, 'Bus', { eventBusName: name });
    const archive = bus.archive('Archive', {
      archiveName: name,
      eventPattern: { source: ['fidelia'] },
      retention: Duration.days(30),
    });
    const { restoredTable } = tenant;
    const tables: Tables = {
      technicalTable: data.technicalTable,
      table: restoredTable
        ? Table.fromTableAttributes(this, 'Restored', {
            tableName: restoredTable.name,
            tableStreamArn: restoredTable.streamArn,
          })
        : data.table,
    };
    const defaults: FunctionDefaults = {
      alarms,
      bundles,
      logRetention: tenant.logRetentionDays,
      concurrency: tenant.concurrency ?? {},
      environment: {
        TENANT: tenant.tenant,
        TABLE_NAME: tables.table.tableName,
        TECHNICAL_TABLE_NAME: data.technicalTable.tableName,
        LOG_LEVEL: 'INFO',
      },
    };
    const { api, realtimeUrl } = this.#addApi(tenant, data, tables, defaults, schemaFile, resolvers);
    new Firewall(this, 'Firewall', {
      alarms,
      name,
      apiArn: api.arn,
      requestsPerFiveMinutes: tenant.requestsPerFiveMinutes,
    });

    new Relay(this, 'Relay', { ...defaults, table: tables.table, bus, failures: data.failedBatches });
    const mail = new Mail(this, 'Mail', { alarms, name, sender: tenant.notifications.sender.email });
    const unsubscribeUrl = this.#addUnsubscribe(tables, defaults);
    addConsumers(this, {
      tenant,
      tables,
      userPool: data.staff.userPool,
      defaults,
      bus,
      api,
      mail,
      unsubscribeUrl,
    });
    watchTable(this, alarms, tables.table);
    new Overview(this, 'Overview', { name, graphqlApiId: api.apiId });

    new CfnOutput(this, 'graphqlUrl', { value: api.graphqlUrl });
    new CfnOutput(this, 'realtimeUrl', { value: realtimeUrl });
    new CfnOutput(this, 'eventBusName', { value: bus.eventBusName });
    new CfnOutput(this, 'archiveArn', { value: archive.archiveArn });
    new CfnOutput(this, 'unsubscribeUrl', { value: unsubscribeUrl });
    new CfnOutput(this, 'region', { value: tenant.region });
  }

  #addApi(
    tenant: Tenant,
    data: DataStack,
    tables: Tables,
    defaults: FunctionDefaults,
    schemaFile: string,
    { invoke, publish }: AppStackProps['resolvers'],
  ): CrmApi {
    const { userPool } = data.staff;
    const poolActions: Readonly<Partial<Record<ApiFunction, readonly string[]>>> = directoryGrants;
    const functions = Object.fromEntries(
      Object.entries(apiGrants).map(([name, grants]) => {
        const inPool = poolActions[name as ApiFunction] ?? [];
        const lambda = new FideliaFunction(this, `Api-${name}`, {
          ...defaults,
          environment: {
            ...defaults.environment,
            ...(inPool.length > 0 ? { USER_POOL_ID: userPool.userPoolId } : {}),
          },
          name,
          description: `Answers the fields of the API that belong to ${name}.`,
          memorySize: 1024,
          // AppSync itself gives up after 30 seconds.
          timeout: Duration.seconds(28),
        });
        grantTables(lambda, tables, grants);
        lambda.allow(
          inPool.map((action) => `cognito-idp:${action}`),
          [userPool.userPoolArn],
        );
        return [name as ApiFunction, lambda];
      }),
    );
    return new CrmApi(this, 'GraphQL', {
      alarms: defaults.alarms,
      name: `fidelia-${tenant.tenant}`,
      schemaFile,
      manifest,
      functions,
      invokeCode: invoke,
      publishCode: publish,
      userPool,
      introspection: tenant.introspection,
      logRetention: tenant.logRetentionDays,
    });
  }

  /**
   * The one function that anybody may call: who unsubscribes has no account, and a mail program that does it in one
   * click sends a bare POST (https://www.rfc-editor.org/rfc/rfc8058). The link's own token says whose consent it is.
   * Returns its address, without a slash at the end.
   */
  #addUnsubscribe(tables: Tables, defaults: FunctionDefaults): string {
    const unsubscribe = new FideliaFunction(this, 'Unsubscribe', {
      ...defaults,
      name: 'unsubscribe',
      description: 'Withdraws a consent for who follows the link in a mail.',
      memorySize: 512,
      timeout: Duration.seconds(10),
    });
    grantTables(unsubscribe, tables, unsubscribeGrants);
    const { url } = unsubscribe.addFunctionUrl({ authType: FunctionUrlAuthType.NONE });
    return Fn.select(0, Fn.split('/#', `${url}#`));
  }
}
