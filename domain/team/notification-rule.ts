import type { ConsentPurpose } from '../customers/consent.ts';
import type { EventType } from '../events.ts';

/** Who is told: the customer's owner, everybody in the customer's team, or the customer. */
export const audiences = ['OWNER', 'TEAM', 'CUSTOMER'] as const;
export type Audience = (typeof audiences)[number];

/** How somebody is told. A customer has no in-app notifications. */
export const deliveries = ['IN_APP', 'EMAIL', 'SMS'] as const;
export type Delivery = (typeof deliveries)[number];

/** A rule of the tenant: on which event who is told what, and how. */
export interface NotificationRule {
  /** Unique in the tenant: `a-z`, `0-9`, `-`. */
  readonly name: string;
  readonly on: EventType;
  /** Fields of the event's data with the values that each may have; all must hold. Without it, every event. */
  readonly where?: Readonly<Record<string, readonly string[]>>;
  readonly to: Audience;
  readonly by: readonly Delivery[];
  /** Name of a template. */
  readonly template: string;
  /** Of what is sent to a customer: the purpose whose consent it needs. */
  readonly purpose?: Extract<ConsentPurpose, 'MARKETING' | 'SERVICE'>;
  /** Whether imported facts count as well; by default they do not. */
  readonly imported?: boolean;
}

/** What is said, in one language; Liquid templates over the event, the customer and the firm. */
export interface MessageTemplate {
  /** The subject of a mail and the title in the app. */
  readonly title: string;
  /** The text of a mail and of a notification in the app. */
  readonly text: string;
  /** The mail as HTML; values are escaped. */
  readonly html?: string;
  /** The text of an SMS; `title` when left out. */
  readonly sms?: string;
}
