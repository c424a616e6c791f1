import { toJsonSchema } from '@valibot/to-json-schema';
import type { SharingAgreement } from '../domain/partners/agreement.ts';
import { project } from '../domain/partners/projection.ts';
import {
  type ShareableEvent,
  type SharedFacts,
  shareableEvents,
  shareableFields,
} from '../domain/partners/shareable.ts';
import { type SharedEvent, sharedEvent, sharedEventSchema } from '../domain/partners/shared-event.ts';
import type { JsonSchema } from './schemas.ts';

/** The events that partners get, by the names that the firm has for them. */
export const partnerEvents = Object.keys(shareableEvents) as ShareableEvent[];

/** The name by which partners know an event, with its contract version. */
export const partnerName = (event: ShareableEvent): string => shareableEvents[event].sharedAs;

/** The JSON Schema of an event as a partner gets it: the `detail` of what comes over the partner's bus. */
export function partnerSchemaOf(event: ShareableEvent): JsonSchema {
  return {
    ...(toJsonSchema(sharedEventSchema(event)) as unknown as JsonSchema),
    title: partnerName(event),
    description: shareableEvents[event].description,
  };
}

const facts: SharedFacts = {
  customer: {
    id: 'cus_01KAW0V9ZJ5T3WQ8F2H6N4R7XC',
    kind: 'PERSON',
    name: 'Ada Byron',
    givenName: 'Ada',
    familyName: 'Byron',
    identities: [
      { kind: 'EMAIL', value: 'ada@example.com' },
      { kind: 'PHONE', value: '+442079460000' },
      { kind: 'EXTERNAL_ID', source: 'shop', value: '17850' },
    ],
    address: {
      lines: ['12 St James’s Square'],
      city: 'London',
      region: 'Greater London',
      postalCode: 'SW1Y 4JH',
      country: 'GB',
    },
    language: 'en',
    via: 'API',
    createdAt: '2026-01-05T09:00:00.000Z',
    updatedAt: '2026-01-05T09:00:00.000Z',
    version: 1,
  },
  stage: 'ACTIVE',
  order: {
    id: 'ord_3Z8M1QK5T7C9V2XW4B6N0RHJFD',
    customerId: 'cus_01KAW0V9ZJ5T3WQ8F2H6N4R7XC',
    kind: 'SALE',
    state: 'OPEN',
    source: 'shop',
    externalId: '536365',
    placedAt: '2026-11-20T10:00:00.000Z',
    total: { amount: '15.30', currency: 'GBP' },
    exchangeRate: '1',
    reportingTotal: { amount: '15.30', currency: 'GBP' },
    lineCount: 1,
    via: 'API',
    recordedAt: '2026-11-20T10:00:01.000Z',
    version: 1,
  },
  lines: [
    {
      number: 1,
      kind: 'PRODUCT',
      code: '85123A',
      description: 'WHITE HANGING HEART T-LIGHT HOLDER',
      quantity: '6',
      unitPrice: '2.55',
    },
  ],
  interaction: {
    id: 'int_01KAW0V9ZJ5T3WQ8F2H6N4R7XC_01KAGXJ9M0V3T6W8Z2B4D6F8HK',
    customerId: 'cus_01KAW0V9ZJ5T3WQ8F2H6N4R7XC',
    channel: 'EMAIL',
    direction: 'INBOUND',
    subject: 'Where is my parcel?',
    body: 'Dear all, …',
    threadId: 'parcel-536365',
    via: 'API',
    occurredAt: '2026-11-20T10:00:00.000Z',
    loggedAt: '2026-11-20T10:00:01.000Z',
    loggedBy: 'usr_4f1d7c0e-5a43-4d0f-9b0e-6a0b8f2a1c11',
    version: 1,
  },
};

const agreement: SharingAgreement = {
  id: 'agr_01KAW1B5Q2C7E9G3J5M8P0S2V4',
  partnerId: 'par_carrier',
  purpose: 'delivery of ordered goods',
  events: partnerEvents,
  fields: Object.keys(shareableFields),
  validFrom: '2026-01-01T00:00:00.000Z',
  validUntil: '2027-01-01T00:00:00.000Z',
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:00.000Z',
  updatedBy: 'usr_4f1d7c0e-5a43-4d0f-9b0e-6a0b8f2a1c11',
  version: 3,
};

/** An event of each sort as a partner gets it whose agreement lists every field. */
export function sampleOf(type: ShareableEvent): SharedEvent {
  const customer = 'ref_7D4T9XKQ2M5C8V1ZB6WN3HRJFA';
  const isAboutCustomer = shareableEvents[type].records.every((record) => record === 'customer');
  const event = {
    type,
    tenant: 'demo',
    time: '2026-11-20T10:00:01.000Z',
    sequence: 1,
    data: { changedFields: [] },
  } as unknown as Parameters<typeof sharedEvent>[0];
  const projection = project(agreement, event, facts);
  const share = {
    id: 'shr_01KAGXJAK8Q2T5W7Z9B3D6F8HM',
    customerId: facts.customer.id,
    partnerId: agreement.partnerId,
    agreementId: agreement.id,
    agreementVersion: agreement.version,
    purpose: agreement.purpose,
    event: type,
    subjectId: '',
    fields: projection.fields,
    sharedAt: '2026-11-20T10:00:02.000Z',
  };
  const subject = isAboutCustomer ? customer : 'ref_2K8W5ZC1T7Q4X9VM3B6N0RHJFD';
  return sharedEvent(event, share, { customer, subject }, projection);
}
