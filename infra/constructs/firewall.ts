import { Duration, Stack } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import type { Alarms } from './alarms.ts';

export interface FirewallProps {
  readonly alarms: Alarms;
  readonly name: string;
  /** The API that it stands before. */
  readonly apiArn: string;
  /** Requests that one address may make in five minutes. */
  readonly requestsPerFiveMinutes: number;
}

/**
 * Turns away addresses that are known for attacks, and those that call too often. No rule looks into a body: of it, WAF
 * sees only the first 8 KB before AppSync (https://docs.aws.amazon.com/waf/latest/developerguide/web-acl-setting-body-inspection-limit.html).
 */
export class Firewall extends Construct {
  constructor(scope: Construct, id: string, props: FirewallProps) {
    super(scope, id);
    const { alarms, name, apiArn, requestsPerFiveMinutes: limit } = props;
    const visible = (metricName: string) => ({
      metricName,
      cloudWatchMetricsEnabled: true,
      // Samples show headers, and those hold tokens.
      sampledRequestsEnabled: false,
    });
    const acl = new CfnWebACL(this, 'WebAcl', {
      name,
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      visibilityConfig: visible(name),
      rules: [
        {
          name: 'ip-reputation',
          priority: 0,
          overrideAction: { none: {} },
          statement: {
            managedRuleGroupStatement: { vendorName: 'AWS', name: 'AWSManagedRulesAmazonIpReputationList' },
          },
          visibilityConfig: visible('ip-reputation'),
        },
        {
          name: 'rate',
          priority: 1,
          action: { block: {} },
          statement: { rateBasedStatement: { aggregateKeyType: 'IP', limit, evaluationWindowSec: 300 } },
          visibilityConfig: visible('rate'),
        },
      ],
    });
    new CfnWebACLAssociation(this, 'BeforeApi', { resourceArn: apiArn, webAclArn: acl.attrArn });
    alarms.watch(this, 'RateExceeded', {
      metric: new Metric({
        namespace: 'AWS/WAFV2',
        metricName: 'BlockedRequests',
        dimensionsMap: { WebACL: name, Rule: 'rate', Region: Stack.of(this).region },
        period: Duration.minutes(5),
        statistic: 'Sum',
      }),
      threshold: 1,
      description: `An address made more than ${limit} requests in 5 minutes and is turned away. When it is the firm's own, raise requestsPerFiveMinutes in the tenant's file.`,
    });
  }
}
