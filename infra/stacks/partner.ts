import { CfnOutput, CfnResource, Duration, Stack } from 'aws-cdk-lib';
import { Archive, EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { AccountPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { Alarms } from '../constructs/alarms.ts';
import { ConsumerQueue } from '../constructs/queue.ts';
import type { Partner } from '../partner.ts';
import type { Tenant } from '../tenant.ts';
import { partnerBusName } from '../tenant-config.ts';

/** What a partner does with its own rules. */
const RULE_ACTIONS = ['PutRule', 'DeleteRule', 'EnableRule', 'DisableRule', 'PutTargets', 'RemoveTargets'];

/**
 * What one partner may reach: a bus of its own, on which it keeps rules, and a queue with all that came over the bus.
 * Nothing here is the only copy of anything: what was shared is recorded with the customer.
 */
export class PartnerStack extends Stack {
  constructor(scope: Construct, tenant: Tenant, partner: Partner) {
    const name = partnerBusName(tenant, partner.name);
    super(scope, name, {
      env: { account: tenant.account, region: tenant.region },
      description: `Fidelia for ${tenant.tenant}: what ${partner.title} gets`,
    });
    const bus = new EventBus(this, 'Bus', { eventBusName: name });
    const everything = { account: [this.account] };
    new Archive(this, 'Archive', {
      archiveName: name,
      sourceEventBus: bus,
      eventPattern: everything,
      retention: Duration.days(14),
    });
    this.#letManageRules(bus, partner);

    const { queue, target } = new ConsumerQueue(this, 'Outgoing', {
      alarms: new Alarms(this, 'Alarms', { email: tenant.opsEmail }),
      consumer: partner.title,
      queueName: name,
      // A message is the partner's for six times as long: five minutes.
      timeout: Duration.seconds(50),
      retention: Duration.days(7),
      lateAfter: Duration.days(1),
    });
    queue.addToResourcePolicy(
      new PolicyStatement({
        sid: 'PartnerReads',
        principals: [new AccountPrincipal(partner.account)],
        actions: ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes', 'GetQueueUrl'].map(
          (action) => `sqs:${action}`,
        ),
        resources: [queue.queueArn],
      }),
    );
    new Rule(this, 'Rule', { eventBus: bus, eventPattern: everything, targets: [target] });

    new CfnOutput(this, 'eventBusArn', { value: bus.eventBusArn });
    new CfnOutput(this, 'queueUrl', { value: queue.queueUrl });
  }

  /** The partner sees all rules of its bus, and changes those that it made itself. */
  #letManageRules({ eventBusName, eventBusArn }: EventBus, { account }: Partner): void {
    const rules = this.formatArn({
      service: 'events',
      resource: 'rule',
      resourceName: `${this.stackName}/*`,
    });
    const allow = (sid: string, actions: readonly string[], resources: string[], conditions = {}) =>
      // The library's own class warns of a property that nobody uses here.
      new CfnResource(this, sid, {
        type: 'AWS::Events::EventBusPolicy',
        properties: {
          EventBusName: eventBusName,
          StatementId: sid,
          Statement: new PolicyStatement({
            sid,
            principals: [new AccountPrincipal(account)],
            actions: actions.map((action) => `events:${action}`),
            resources,
            conditions,
          }).toStatementJson(),
        },
      });
    // A rule that is being made has no creator yet:
    // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-example-policy-same-account-creator.html
    allow('PartnerManagesItsRules', RULE_ACTIONS, [rules], {
      StringEqualsIfExists: { 'events:creatorAccount': account },
    });
    allow('PartnerReadsRules', ['DescribeRule', 'ListRules', 'ListTargetsByRule'], [eventBusArn, rules]);
  }
}
