import { Entity } from 'electrodb';
import type { Change } from '../../domain/change.ts';
import {
  type Consent,
  consentPurposes,
  consentStates,
  inForceAfter,
  legalBases,
} from '../../domain/customers/consent.ts';
import { Refusal } from '../../domain/errors.ts';
import { channels } from '../../domain/interactions/channel.ts';
import { vias } from '../../domain/via.ts';
import type { Connection, PageRequest } from '../runtime/page.ts';
import { attributesOf, reading } from './attributes.ts';
import { crmTable, tenant } from './client.ts';
import { ifAtVersion, ifNew } from './conditions.ts';
import { untilUncontended } from './contention.ts';
import { isCustomerId, partsOfConsentId } from './ids.ts';
import { customerPartition } from './keys.ts';
import { bySortKey, readPage } from './page.ts';
import { putterFor } from './put.ts';
import { getRow, type Row } from './read.ts';
import { type Operation, write } from './write.ts';

/** A statement of consent: the ledger, in its customer's partition, in the order of time. */
const statements = new Entity(
  {
    model: { entity: 'consent', version: '1', service: 'crm' },
    attributes: {
      tenant: { type: 'string', required: true },
      customerId: { type: 'string', required: true },
      time: { type: 'string', required: true },
      id: { type: 'string', required: true },
      purpose: { type: consentPurposes, required: true },
      channel: { type: channels },
      partnerId: { type: 'string' },
      state: { type: consentStates, required: true },
      basis: { type: legalBases },
      proof: { type: 'string' },
      statedAt: { type: 'string', required: true },
      recordedAt: { type: 'string', required: true },
      recordedBy: { type: 'string', required: true },
      via: { type: vias, required: true },
      version: { type: 'number', required: true },
      requestFingerprint: { type: 'string' },
      change: { type: 'any' },
    },
    indexes: {
      ledger: {
        pk: customerPartition,
        sk: { field: 'sk', composite: ['time'], template: 'consent#${time}', casing: 'none' },
      },
    },
  } as const,
  crmTable,
);

const putStatement = putterFor(statements);

/** The consents in force of a customer, beside the profile, so that one query reads both. */
export const views = new Entity(
  {
    model: { entity: 'consents', version: '1', service: 'crm' },
    attributes: {
      tenant: { type: 'string', required: true },
      customerId: { type: 'string', required: true },
      inForce: { type: 'any', required: true },
      version: { type: 'number', required: true },
    },
    indexes: {
      consents: {
        pk: customerPartition,
        sk: { field: 'sk', composite: [], template: 'view#consents', casing: 'none' },
      },
    },
  } as const,
  crmTable,
);

const putView = putterFor(views);

const readConsent = reading(attributesOf(statements, 'time'));

const toConsent = (row: Row) => readConsent(row) as unknown as Consent;

/** Of the consents in force, what a query must read. */
export const viewAttributes = ['customerId', 'inForce'];

/** Reads the consents in force from their row, as a query over the customer's partition finds it. */
export function toConsentsInForce(row: Row): readonly Consent[] {
  const customerId = row.customerId as string;
  return (row.inForce as Omit<Consent, 'customerId'>[]).map((consent) => ({ ...consent, customerId }));
}

/** The consents in force, as last written: the latest statement of each purpose, channel and partner. */
export async function consentsOf(customerId: string): Promise<readonly Consent[]> {
  return (await readView(customerId)).inForce;
}

/**
 * Adds a statement to the ledger and, when it counts, to the consents in force: both or nothing.
 *
 * @returns the statement that is there: the new one, or for a retry of the same request the one it made.
 * @throws Refusal `CUSTOMER.CONSENT_LIMIT`, `REQUEST.ID_REUSED`, `CUSTOMER.BUSY` when others kept recording for the customer.
 */
export async function addConsent(
  consent: Consent,
  change: Change,
  requestFingerprint: string,
): Promise<Consent> {
  const { customerId } = consent;
  const time = partsOfConsentId(consent.id)?.time ?? '';
  const row = { ...consent, tenant, time, requestFingerprint, change };
  const statement: Operation = { Put: putStatement(row, ifNew) };
  return untilUncontended(async () => {
    const view = await readView(customerId);
    const inForce = inForceAfter(view.inForce, consent);
    // What does not count now never will: the later statement stays.
    const operations =
      inForce === view.inForce ? [statement] : [statement, viewOperation(customerId, inForce, view.version)];
    const conflicts = await write(operations);
    if (!conflicts) return consent;
    const [present] = conflicts;
    return present ? sameRequest(present, requestFingerprint) : 'contended';
  });
}

/** The statement; undefined when there is none. */
export async function getConsent(id: string): Promise<Consent | undefined> {
  const parts = partsOfConsentId(id);
  if (!parts) return undefined;
  const key = { pk: `${tenant}#${parts.customerId}`, sk: `consent#${parts.time}` };
  const row = await getRow(key, { consistent: true });
  return row && toConsent(row);
}

/** A page of all that a customer ever stated, latest first. */
export function consentHistoryOf(customerId: string, page: PageRequest): Promise<Connection<Consent>> {
  const query = statements.query.ledger({ tenant, customerId }).params({ order: 'desc' });
  const places = bySortKey(`${tenant}#${customerId}`, /^consent#[0-9A-Z]{26}$/);
  return readPage({ query: query as never, ...places, parse: toConsent }, page);
}

interface View {
  readonly inForce: readonly Consent[];
  /** 0 when nothing was ever stated. */
  readonly version: number;
}

async function readView(customerId: string): Promise<View> {
  const key = { pk: `${tenant}#${customerId}`, sk: 'view#consents' };
  const row = isCustomerId(customerId) ? await getRow(key, { consistent: true }) : undefined;
  return row
    ? { inForce: toConsentsInForce(row), version: row.version as number }
    : { inForce: [], version: 0 };
}

function viewOperation(customerId: string, inForce: readonly Consent[], before: number): Operation {
  const entries = inForce.map(({ customerId: _customer, ...entry }) => entry);
  const row = { tenant, customerId, inForce: entries, version: before + 1 };
  return { Put: putView(row, ifAtVersion(before)) };
}

function sameRequest(row: Row, requestFingerprint: string): Consent {
  if (row.requestFingerprint === requestFingerprint) return toConsent(row);
  throw new Refusal(
    'REQUEST.ID_REUSED',
    'The clientRequestId made another statement: give each request its own',
    { field: 'clientRequestId', id: row.id },
  );
}
