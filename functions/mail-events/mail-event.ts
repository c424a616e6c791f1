import * as v from 'valibot';
import type { Report } from '../../domain/interactions/message.ts';

const instant = v.pipe(
  v.string(),
  v.check((time) => !Number.isNaN(Date.parse(time))),
  v.transform((time) => new Date(time).toISOString()),
);
const mail = v.object({
  timestamp: instant,
  tags: v.optional(v.record(v.string(), v.array(v.string())), {}),
});
const at = v.object({ timestamp: instant });

/**
 * Events of sending as SES puts them on the default bus: those that say what became of a mail
 * (https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html; the same in `detail` at
 * https://docs.aws.amazon.com/ses/latest/dg/monitoring-eventbridge.html).
 */
const detailSchema = v.variant('eventType', [
  v.object({ eventType: v.literal('Send'), mail }),
  v.object({ eventType: v.literal('DeliveryDelay'), mail, deliveryDelay: at }),
  v.object({ eventType: v.literal('Delivery'), mail, delivery: at }),
  v.object({
    eventType: v.literal('Bounce'),
    mail,
    bounce: v.object({ timestamp: instant, bounceType: v.string(), bounceSubType: v.optional(v.string()) }),
  }),
  v.object({
    eventType: v.literal('Complaint'),
    mail,
    complaint: v.object({ timestamp: instant, complaintFeedbackType: v.nullish(v.string()) }),
  }),
  v.object({
    eventType: v.literal('Reject'),
    mail,
    reject: v.object({ reason: v.optional(v.string()) }),
  }),
  v.object({ eventType: v.literal('Rendering Failure'), mail }),
]);

type Detail = v.InferOutput<typeof detailSchema>;

/** What SES says of a message of ours. */
export interface MailEvent {
  readonly messageId: string;
  readonly report: Report;
  /** Whether the address is not to be written to any more. */
  readonly suppresses: boolean;
}

/** Reads what a rule of the default bus put into the queue; undefined when it says nothing of a message of ours. */
export function mailEventIn(body: unknown): MailEvent | undefined {
  const event = v.safeParse(v.object({ source: v.literal('aws.ses'), detail: detailSchema }), body);
  const messageId = event.success ? event.output.detail.mail.tags.message?.[0] : undefined;
  if (!event.success || !messageId) return undefined;
  const { detail } = event.output;
  return { messageId, report: reportOf(detail), suppresses: suppresses(detail) };
}

function reportOf(detail: Detail): Report {
  switch (detail.eventType) {
    case 'Send':
      return { state: 'SENT', at: detail.mail.timestamp };
    case 'DeliveryDelay':
      // It is on its way, and SES goes on trying.
      return { state: 'SENT', at: detail.mail.timestamp };
    case 'Delivery':
      return { state: 'DELIVERED', at: detail.delivery.timestamp };
    case 'Bounce': {
      const { bounceType, bounceSubType, timestamp } = detail.bounce;
      return { state: 'BOUNCED', reason: [bounceType, bounceSubType].join(' ').trim(), at: timestamp };
    }
    case 'Complaint': {
      const { complaintFeedbackType, timestamp } = detail.complaint;
      return { state: 'COMPLAINED', reason: complaintFeedbackType ?? 'complaint', at: timestamp };
    }
    case 'Reject':
      return { state: 'REFUSED', reason: detail.reject.reason ?? 'Reject', at: detail.mail.timestamp };
    case 'Rendering Failure':
      return { state: 'REFUSED', reason: detail.eventType, at: detail.mail.timestamp };
  }
}

/** A bounce that passes (a full mailbox) says nothing of the next mail. */
function suppresses(detail: Detail): boolean {
  if (detail.eventType === 'Bounce') return detail.bounce.bounceType === 'Permanent';
  return detail.eventType === 'Complaint';
}
