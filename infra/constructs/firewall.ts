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
  /** Requests that one address may make in five minutes; signed ones have a limit of their own. */
  readonly requestsPerFiveMinutes: number;
}

/**
 * Signed requests that one address may make in five minutes. The function live-updates makes one for each event, and comes
 * from few addresses: ten batches of ten at once, were each done in 30 ms, are 3,333 a second (usual are 60 to 120 ms).
 */
const SIGNED_REQUESTS_PER_FIVE_MINUTES = 1_000_000;

const matches = (
  fieldToMatch: CfnWebACL.FieldToMatchProperty,
  positionalConstraint: 'STARTS_WITH' | 'EXACTLY',
  searchString: string,
): CfnWebACL.StatementProperty => ({
  byteMatchStatement: {
    fieldToMatch,
    positionalConstraint,
    searchString,
    textTransformations: [{ priority: 0, type: 'NONE' }],
  },
});

/**
 * What is signed with AWS credentials, by how its header begins
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html), and is posted: the handshake of
 * a socket is a GET (https://www.rfc-editor.org/rfc/rfc6455#section-4.1) and says elsewhere who it is
 * (https://docs.aws.amazon.com/appsync/latest/devguide/real-time-websocket-client.html), so its header proves nothing. A
 * statement looks at one component of a request, and AND takes two or more
 * (https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-type-and.html).
 */
const signed: CfnWebACL.StatementProperty = {
  andStatement: {
    statements: [
      matches({ singleHeader: { Name: 'authorization' } }, 'STARTS_WITH', 'AWS4-HMAC-SHA256'),
      matches({ method: {} }, 'EXACTLY', 'POST'),
    ],
  },
};

/**
 * All the rest. NOT takes every statement that nests, AND among them
 * (https://docs.aws.amazon.com/waf/latest/APIReference/API_NotStatement.html).
 */
const unsigned: CfnWebACL.StatementProperty = { notStatement: { statement: signed } };

/**
 * Turns away addresses that are known for attacks, and those that call too often. What is signed, as live updates are, counts
 * apart from the rest (https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-scope-down-statements.html), so that no
 * user's limit holds it up. WAF comes before AppSync asks who it is
 * (https://docs.aws.amazon.com/appsync/latest/devguide/WAF-Integration.html): who only pretends to sign is bounded too, and
 * refused by AppSync. Handshakes of sockets count with the users, whatever their headers say.
 *
 * No rule looks into a body: of it, WAF sees only the first 8 KB before AppSync
 * (https://docs.aws.amazon.com/waf/latest/developerguide/web-acl-setting-body-inspection-limit.html).
 */
export class Firewall extends Construct {
  constructor(scope: Construct, id: string, props: FirewallProps) {
    super(scope, id);
    const { alarms, name, apiArn, requestsPerFiveMinutes } = props;
    const visible = (metricName: string) => ({
      metricName,
      cloudWatchMetricsEnabled: true,
      // Samples show headers, and those hold tokens.
      sampledRequestsEnabled: false,
    });
    const rate = (
      ruleName: string,
      priority: number,
      limit: number,
      scopeDownStatement: CfnWebACL.StatementProperty,
    ): CfnWebACL.RuleProperty => ({
      name: ruleName,
      priority,
      action: { block: {} },
      statement: {
        rateBasedStatement: { aggregateKeyType: 'IP', limit, evaluationWindowSec: 300, scopeDownStatement },
      },
      visibilityConfig: visible(ruleName),
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
        rate('rate', 1, requestsPerFiveMinutes, unsigned),
        rate('signed-rate', 2, SIGNED_REQUESTS_PER_FIVE_MINUTES, signed),
      ],
    });
    new CfnWebACLAssociation(this, 'BeforeApi', { resourceArn: apiArn, webAclArn: acl.attrArn });
    const watch = (id: string, rule: string, description: string) =>
      alarms.watch(this, id, {
        metric: new Metric({
          namespace: 'AWS/WAFV2',
          metricName: 'BlockedRequests',
          dimensionsMap: { WebACL: name, Rule: rule, Region: Stack.of(this).region },
          period: Duration.minutes(5),
          statistic: 'Sum',
        }),
        threshold: 1,
        description,
      });
    watch(
      'RateExceeded',
      'rate',
      `An address made more than ${requestsPerFiveMinutes} requests in 5 minutes and is turned away. When it is the firm's own, raise requestsPerFiveMinutes in the tenant's file.`,
    );
    watch(
      'SignedRateExceeded',
      'signed-rate',
      `An address made more than ${SIGNED_REQUESTS_PER_FIVE_MINUTES} signed requests in 5 minutes and is turned away. When the function live-updates logs that AppSync answered 403, it makes them: raise SIGNED_REQUESTS_PER_FIVE_MINUTES in infra/constructs/firewall.ts, deploy, and redrive its dead letters. Otherwise somebody only pretends to sign, and AppSync refuses what still passes.`,
    );
  }
}
