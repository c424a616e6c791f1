import { Duration, Stack } from 'aws-cdk-lib';
import type { GraphqlApi } from 'aws-cdk-lib/aws-appsync';
import type { IUserPool } from 'aws-cdk-lib/aws-cognito';
import { type EventBus, Schedule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Consumer, eventsOf, type Feed } from '../constructs/consumer.ts';
import type { FideliaFunction, FunctionDefaults } from '../constructs/function.ts';
import type { Mail } from '../constructs/mail.ts';
import type { Tables } from '../constructs/table.ts';
import { customerEvents, scoredEvents, shareableEvents } from '../customer-events.ts';
import type { ConsumerName } from '../function-names.ts';
import {
  grantDirectory,
  grantTables,
  lifecycleGrants,
  mailEventsGrants,
  notificationGrants,
  partnerSharingGrants,
  scoringGrants,
  type TableGrants,
} from '../grants.ts';
import type { Tenant } from '../tenant.ts';
import { partnerBusName } from '../tenant-config.ts';

export interface ConsumersProps {
  readonly tenant: Tenant;
  readonly tables: Tables;
  readonly userPool: IUserPool;
  readonly defaults: FunctionDefaults;
  readonly bus: EventBus;
  readonly api: GraphqlApi;
  readonly mail: Mail;
  /** Where who gets mail unsubscribes, without a slash at the end. */
  readonly unsubscribeUrl: string;
}

/** Adds to a stack what acts on events, on mail that came back, and on the time. */
export function addConsumers(stack: Stack, props: ConsumersProps): void {
  const { tenant, tables, userPool, defaults, bus, api, mail, unsubscribeUrl } = props;

  /** @param environment variables beside those that all functions get */
  function consumer(
    id: string,
    name: ConsumerName,
    description: string,
    feed: Feed,
    grants: TableGrants,
    environment: Readonly<Record<string, string>> = {},
  ): FideliaFunction {
    const { function: lambda } = new Consumer(stack, id, {
      ...defaults,
      environment: { ...defaults.environment, ...environment },
      name,
      description,
      feed,
      memorySize: 512,
      timeout: Duration.seconds(30),
      maxConcurrency: 10,
    });
    grantTables(lambda, tables, grants);
    return lambda;
  }

  consumer(
    'Scoring',
    'scoring',
    "Keeps each customer's score in step with interactions and orders.",
    eventsOf(bus, scoredEvents),
    scoringGrants,
  );

  const liveUpdates = consumer(
    'LiveUpdates',
    'live-updates',
    'Tells the subscribers of the API that something about a customer changed, and users of their notifications.',
    {
      ...eventsOf(bus, [...customerEvents, 'crm.notification.created.v1']),
      replays: false,
    },
    {},
    { GRAPHQL_URL: api.graphqlUrl },
  );
  liveUpdates.allow(
    ['appsync:GraphQL'],
    ['_publishCustomerActivity', '_publishNotification'].map(
      (field) => `${api.arn}/types/Mutation/fields/${field}`,
    ),
  );

  const lifecycle = consumer(
    'Lifecycle',
    'lifecycle',
    'Finds each minute whose score or stage is due to change because time has passed.',
    { schedule: Schedule.rate(Duration.minutes(1)) },
    lifecycleGrants,
  );
  defaults.alarms.watch(lifecycle, 'NotRunning', {
    metric: lifecycle.metricInvocations({ period: Duration.minutes(5), statistic: 'Sum' }),
    threshold: 1,
    below: true,
    description:
      'The function lifecycle has not run for 5 minutes, though it should each minute: customers lapse unseen. Is its rule enabled, and is its queue read?',
  });

  const { rules } = tenant.notifications;
  if (rules.length > 0) {
    const notification = consumer(
      'Notification',
      'notification',
      'Tells colleagues and customers what the rules of the tenant say.',
      {
        ...eventsOf(bus, rules),
        replays: false,
        imports: rules.some(({ imported }) => imported),
      },
      notificationGrants,
      {
        CONFIGURATION_SET: mail.configurationSetName,
        UNSUBSCRIBE_URL: unsubscribeUrl,
      },
    );
    grantDirectory(notification, userPool, 'notification');
    const sends = (channel: 'EMAIL' | 'SMS') => rules.some(({ by }) => by.includes(channel));
    if (sends('EMAIL')) mail.allowSending(notification);
    if (sends('SMS')) allowSms(notification);
  }
  consumer(
    'MailEvents',
    'mail-events',
    'Notes what became of mail, and whose address is not to be written to again.',
    mail.events,
    mailEventsGrants,
  );

  const sharing = consumer(
    'PartnerSharing',
    'partner-sharing',
    'Puts on the bus of each partner what an agreement and the consent of the customer allow.',
    { ...eventsOf(bus, shareableEvents), replays: false },
    partnerSharingGrants,
  );
  sharing.allow(
    ['events:PutEvents'],
    tenant.partners.map((partner) =>
      Stack.of(stack).formatArn({
        service: 'events',
        resource: 'event-bus',
        resourceName: partnerBusName(tenant, partner),
      }),
    ),
  );
}

/** A telephone number is no resource that a policy could name; all topics are what it is not. */
function allowSms(lambda: FideliaFunction): void {
  lambda.addToRolePolicy(
    new PolicyStatement({
      actions: ['sns:Publish'],
      notResources: [`arn:${Stack.of(lambda).partition}:sns:*:*:*`],
    }),
  );
}
