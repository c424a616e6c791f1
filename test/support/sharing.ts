import { marshall } from '@aws-sdk/util-dynamodb';
import type { Consent } from '../../domain/customers/consent.ts';
import type { SharingAgreement } from '../../domain/partners/agreement.ts';
import type { Share } from '../../domain/partners/share.ts';
import type { SharedFacts } from '../../domain/partners/shareable.ts';
import type { SharedEvent } from '../../domain/partners/shared-event.ts';
import type { ShareableEnvelope, Tools } from '../../functions/partner-sharing/share.ts';
import { now } from './domain.ts';

/** An agreement with the carrier that shares little. */
export function agreement(fields: Partial<SharingAgreement> = {}): SharingAgreement {
  return {
    id: 'agr_1',
    partnerId: 'par_carrier',
    purpose: 'delivery of ordered goods',
    events: ['crm.order.placed.v1'],
    fields: ['customer.name', 'order.total'],
    validFrom: '2026-01-01T00:00:00.000Z',
    validUntil: '2027-01-01T00:00:00.000Z',
    createdAt: '2026-01-01T00:00:00.000Z',
    updatedAt: '2026-01-01T00:00:00.000Z',
    updatedBy: 'usr_ada',
    version: 1,
    ...fields,
  };
}

/** A statement of consent to sharing. */
export function consent(fields: Partial<Consent> = {}): Consent {
  return {
    id: 'con_1',
    customerId: 'cus_1',
    purpose: 'SHARING',
    state: 'GRANTED',
    basis: 'CONSENT',
    statedAt: '2026-01-01T00:00:00.000Z',
    recordedAt: '2026-01-01T00:00:00.000Z',
    recordedBy: 'usr_ada',
    via: 'API',
    version: 1,
    ...fields,
  };
}

/** The item of a customer's consents in force, as it lies beside the profile. */
export function consentsItem(customerId: string, statements: readonly Consent[]) {
  return marshall({
    pk: `demo#${customerId}`,
    sk: 'view#consents',
    tenant: 'demo',
    customerId,
    inForce: statements,
    version: 1,
    __edb_e__: 'consents',
    __edb_v__: '1',
  });
}

const dataOf = {
  'crm.customer.created.v1': { customerId: 'cus_1', kind: 'PERSON' },
  'crm.customer.updated.v1': { customerId: 'cus_1', changedFields: ['name'] },
  'crm.customer.stage-changed.v1': { customerId: 'cus_1', stage: 'ACTIVE', at: now },
  'crm.order.placed.v1': {
    orderId: 'ord_1',
    customerId: 'cus_1',
    kind: 'SALE',
    placedAt: '2026-11-20T10:00:00.000Z',
    amount: '15.30',
    currency: 'GBP',
    lineCount: 1,
  },
  'crm.order.changed.v1': {
    orderId: 'ord_1',
    customerId: 'cus_1',
    kind: 'SALE',
    placedAt: '2026-11-20T10:00:00.000Z',
    amount: '15.30',
    currency: 'GBP',
    lineCount: 1,
    state: 'FULFILLED',
    previousState: 'OPEN',
  },
  'crm.interaction.logged.v1': {
    interactionId: 'int_1',
    customerId: 'cus_1',
    channel: 'PHONE',
    direction: 'INBOUND',
    occurredAt: '2026-11-20T10:00:00.000Z',
  },
} as const;

/** An event of the customer `cus_1`, as the bus carries it. */
export function eventOf(type: keyof typeof dataOf, fields: object = {}): ShareableEnvelope {
  const data = dataOf[type];
  const subject = 'orderId' in data ? data.orderId : 'interactionId' in data ? data.interactionId : 'cus_1';
  return {
    specversion: '1.0',
    id: 'evt_1',
    source: 'fidelia',
    type,
    time: '2026-11-20T10:00:01.000Z',
    subject,
    tenant: 'demo',
    sequence: 1,
    actor: 'usr_ada',
    correlationId: 'req_1',
    data,
    ...fields,
  } as ShareableEnvelope;
}

/** What the firm has and what left it, with tools over them that do not fail. */
export function sharingWorld(present: {
  readonly agreements: readonly SharingAgreement[];
  readonly consents: readonly Consent[];
  readonly facts: SharedFacts | undefined;
}) {
  const world = { ...present };
  const records = new Map<string, Share>();
  const sent: { readonly partnerId: string; readonly event: SharedEvent }[] = [];
  const tools: Tools = {
    agreements: async () => world.agreements,
    consents: async () => world.consents,
    facts: async () => world.facts,
    shareId: (agreementId, { id }) => `shr_${agreementId}_${id}`,
    references: (partnerId, customerId, subjectId) => ({
      customer: `ref_${partnerId}_${hidden(customerId)}`,
      subject: `ref_${partnerId}_${hidden(subjectId)}`,
    }),
    record: async (share) => {
      const recorded = records.get(share.id) ?? share;
      records.set(share.id, recorded);
      return recorded;
    },
    send: async (events) => {
      sent.push(...events);
    },
    now: () => now,
  };
  return { world, tools, records, sent };
}

/** Stands for a hash: shows nothing of the id. */
const hidden = (id: string) => [...id].reduce((sum, character) => sum * 31 + character.charCodeAt(0), 7);
