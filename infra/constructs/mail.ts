import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { EventBus } from 'aws-cdk-lib/aws-events';
import {
  ConfigurationSet,
  ConfigurationSetTlsPolicy,
  EmailSendingEvent,
  EventDestination,
  SuppressionReasons,
} from 'aws-cdk-lib/aws-ses';
import { Construct } from 'constructs';
import type { Alarms } from './alarms.ts';
import type { Feed } from './consumer.ts';
import type { FideliaFunction } from './function.ts';

export interface MailProps {
  readonly alarms: Alarms;
  /** The name of the configuration set. */
  readonly name: string;
  /** From which address mail comes; its domain is an identity of SES. */
  readonly sender: string;
}

/** The domain of an address. */
export const domainOf = (address: string) => address.replace(/^.*@/, '');

/** The share of mail at which SES puts an account under review: https://docs.aws.amazon.com/ses/latest/dg/faqs-enforcement.html */
const UNDER_REVIEW = { Bounce: 0.05, Complaint: 0.001 } as const;

/** How mail is sent: over TLS only, never again to who bounced or complained, and with events of what became of it. */
export class Mail extends Construct {
  readonly configurationSetName: string;
  readonly #sender: string;

  constructor(scope: Construct, id: string, { alarms, name, sender }: MailProps) {
    super(scope, id);
    this.configurationSetName = name;
    this.#sender = sender;
    const set = new ConfigurationSet(this, 'ConfigurationSet', {
      configurationSetName: name,
      tlsPolicy: ConfigurationSetTlsPolicy.REQUIRE,
      reputationMetrics: true,
      suppressionReasons: SuppressionReasons.BOUNCES_AND_COMPLAINTS,
    });
    set.addEventDestination('Events', {
      // The only bus that SES takes: https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_EventBridgeDestination.html
      destination: EventDestination.eventBus(EventBus.fromEventBusName(this, 'DefaultBus', 'default')),
      events: [
        EmailSendingEvent.SEND,
        EmailSendingEvent.DELIVERY,
        EmailSendingEvent.DELIVERY_DELAY,
        EmailSendingEvent.BOUNCE,
        EmailSendingEvent.COMPLAINT,
        EmailSendingEvent.REJECT,
      ],
    });
    for (const [kind, threshold] of Object.entries(UNDER_REVIEW)) {
      alarms.watch(this, `${kind}s`, {
        metric: new Metric({
          namespace: 'AWS/SES',
          metricName: `Reputation.${kind}Rate`,
          period: Duration.hours(1),
          statistic: 'Average',
        }),
        threshold,
        description: `${kind}s are ${threshold * 100} % of the mail: SES puts the account under review, and stops it when that goes on. Take the rule of the tenant's file that writes to these people out until it is known why.`,
      });
    }
  }

  /** What SES says about the mail that this set sent. */
  get events(): Feed {
    return {
      eventPattern: {
        source: ['aws.ses'],
        detail: { mail: { tags: { 'ses:configuration-set': [this.configurationSetName] } } },
      },
    };
  }

  /** Lets a function send mail from the sender's address, and from no other. */
  allowSending(lambda: FideliaFunction): void {
    const arn = (resource: string, resourceName: string) =>
      Stack.of(this).formatArn({
        service: 'ses',
        resource,
        resourceName,
        arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
      });
    lambda.allow(
      ['ses:SendEmail'],
      [arn('identity', domainOf(this.#sender)), arn('configuration-set', this.configurationSetName)],
      { StringEquals: { 'ses:FromAddress': this.#sender } },
    );
  }
}
