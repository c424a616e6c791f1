import * as v from 'valibot';
import { consentPurposes, consentStates } from './customers/consent.ts';
import { stages } from './insights/stage.ts';
import { channels, directions } from './interactions/channel.ts';
import { orderStates } from './sales/order-state.ts';
import { type Via, vias } from './via.ts';

const instant = v.pipe(v.string(), v.isoTimestamp());
const sequence = v.pipe(v.number(), v.integer(), v.minValue(1));
const order = {
  orderId: v.string(),
  customerId: v.string(),
  kind: v.picklist(['SALE', 'RETURN']),
  placedAt: instant,
  amount: v.string(),
  currency: v.string(),
  lineCount: v.number(),
  reportingAmount: v.optional(v.string()),
  reportingCurrency: v.optional(v.string()),
};

/**
 * The data of each event, by name and contract version. Impersonal: ids, names of changed fields, kinds and amounts;
 * a consumer that needs more reads the table, and so decides on the present state.
 *
 * To remove, retype or newly require a field is a new version: add `….v2` beside `….v1`.
 */
export const eventSchemas = {
  'crm.customer.created.v1': v.object({
    customerId: v.string(),
    kind: v.picklist(['PERSON', 'COMPANY']),
  }),
  'crm.customer.updated.v1': v.object({ customerId: v.string(), changedFields: v.array(v.string()) }),
  'crm.consent.recorded.v1': v.object({
    consentId: v.string(),
    customerId: v.string(),
    purpose: v.picklist(consentPurposes),
    channel: v.optional(v.picklist(channels)),
    partnerId: v.optional(v.string()),
    state: v.picklist(consentStates),
    statedAt: instant,
  }),
  'crm.interaction.logged.v1': v.object({
    interactionId: v.string(),
    customerId: v.string(),
    channel: v.picklist(channels),
    direction: v.picklist(directions),
    occurredAt: instant,
    threadId: v.optional(v.string()),
    agentId: v.optional(v.string()),
    storeId: v.optional(v.string()),
  }),
  'crm.order.placed.v1': v.object(order),
  'crm.order.changed.v1': v.object({
    ...order,
    state: v.picklist(orderStates),
    previousState: v.picklist(orderStates),
  }),
  'crm.product.recorded.v1': v.object({ productId: v.string(), changedFields: v.array(v.string()) }),
  'crm.score.changed.v1': v.object({ customerId: v.string(), at: instant }),
  'crm.customer.stage-changed.v1': v.object({
    customerId: v.string(),
    stage: v.picklist(stages),
    /** Absent for the first stage that a customer is known to be in. */
    previousStage: v.optional(v.picklist(stages)),
    at: instant,
  }),
  'crm.score.threshold-crossed.v1': v.object({
    customerId: v.string(),
    threshold: v.string(),
    /** Where engagement stands now. */
    to: v.picklist(['ABOVE', 'BELOW']),
    at: instant,
  }),
  'crm.notification.created.v1': v.object({
    notificationId: v.string(),
    recipientId: v.string(),
    customerId: v.optional(v.string()),
  }),
  'crm.agreement.changed.v1': v.object({
    agreementId: v.string(),
    partnerId: v.string(),
    version: sequence,
    change: v.picklist(['CREATED', 'UPDATED', 'ENDED']),
  }),
} as const;

/** The name of an event with its contract version: its `detail-type` on the bus. */
export type EventType = keyof typeof eventSchemas;

/** The data of an event of type `T`. */
export type EventData<T extends EventType> = v.InferOutput<(typeof eventSchemas)[T]>;

/** The events that concern one customer, whose id their data hold. */
export type CustomerEventType = {
  [T in EventType]: EventData<T> extends { readonly customerId: string } ? T : never;
}[EventType];

/** Something that happened, as the domain says it. */
export type DomainEvent<T extends EventType = EventType> = {
  readonly [K in T]: {
    readonly type: K;
    /** Id of what it happened to: this interaction, this order, not the customer. */
    readonly subject: string;
    /** The version of the subject. */
    readonly sequence: number;
    readonly data: EventData<K>;
  };
}[T];

/**
 * The `detail` of an event on the bus: attributes of CloudEvents 1.0 (https://github.com/cloudevents/spec), and what
 * the firm and its partners need to trace it.
 */
export const envelopeSchema = <T extends EventType>(type: T) =>
  v.object({
    specversion: v.literal('1.0'),
    id: v.string(),
    source: v.literal('fidelia'),
    type: v.literal(type),
    time: instant,
    subject: v.string(),
    tenant: v.string(),
    sequence,
    actor: v.string(),
    correlationId: v.string(),
    causationId: v.optional(v.string()),
    via: v.optional(v.picklist(vias)),
    data: eventSchemas[type],
  });

/** The `detail` of an event of type `T` on the bus. */
export interface Envelope<T extends EventType = EventType> {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: 'fidelia';
  readonly type: T;
  readonly time: string;
  readonly subject: string;
  readonly tenant: string;
  readonly sequence: number;
  readonly actor: string;
  readonly correlationId: string;
  readonly causationId?: string;
  /** IMPORT when all that it follows from was imported; absent means API. */
  readonly via?: Via;
  readonly data: EventData<T>;
}

/** An event that concerns one customer. */
export type CustomerEvent = Envelope<CustomerEventType>;
