import DataLoader from 'dataloader';
import { Entity } from 'electrodb';
import { Refusal } from '../../domain/errors.ts';
import { mostAgreements, type NewVersion, type SharingAgreement } from '../../domain/partners/agreement.ts';
import type { Connection, PageRequest } from '../runtime/page.ts';
import { countOfAgreements, countOperation } from './agreement-count.ts';
import { attributesOf, projecting, reading } from './attributes.ts';
import { crmTable, tenant } from './client.ts';
import { ifAtVersion, ifNew } from './conditions.ts';
import { isAgreementId } from './ids.ts';
import { ownPartition } from './keys.ts';
import { bySortKey, readPage } from './page.ts';
import { putterFor } from './put.ts';
import { getRow, type Key, queryAll, type Row } from './read.ts';
import { type Operation, write } from './write.ts';

const shelves = ['agreements', 'ended-agreements'] as const;

/**
 * The present version of each agreement. Those that were not ended stand together, so that one query of bounded size
 * finds what may be shared; the ended ones stand apart. Listed over gsi1.
 */
const agreements = new Entity(
  {
    model: { entity: 'agreement', version: '1', service: 'crm' },
    attributes: {
      tenant: { type: 'string', required: true },
      shelf: { type: shelves, required: true },
      id: { type: 'string', required: true },
      partnerId: { type: 'string', required: true },
      purpose: { type: 'string', required: true },
      events: { type: 'any', required: true },
      fields: { type: 'any', required: true },
      validFrom: { type: 'string', required: true },
      validUntil: { type: 'string', required: true },
      endedAt: { type: 'string' },
      createdAt: { type: 'string', required: true },
      updatedAt: { type: 'string', required: true },
      updatedBy: { type: 'string', required: true },
      version: { type: 'number', required: true },
      change: { type: 'any' },
    },
    indexes: {
      present: {
        pk: { field: 'pk', composite: ['tenant', 'shelf'], template: '${tenant}#${shelf}', casing: 'none' },
        sk: { field: 'sk', composite: ['id'], template: '${id}', casing: 'none' },
      },
      byTime: {
        index: 'gsi1',
        pk: { field: 'gsi1pk', composite: ['tenant'], template: '${tenant}#agreements', casing: 'none' },
        sk: {
          field: 'gsi1sk',
          composite: ['createdAt', 'id'],
          template: '${createdAt}#${id}',
          casing: 'none',
        },
      },
    },
  } as const,
  crmTable,
);

const putAgreement = putterFor(agreements);

/** Every version of an agreement, under the agreement's own key. */
const versions = new Entity(
  {
    model: { entity: 'agreementVersion', version: '1', service: 'crm' },
    attributes: {
      tenant: { type: 'string', required: true },
      id: { type: 'string', required: true },
      number: { type: 'string', required: true },
      agreement: { type: 'any', required: true },
      /** Of the request that made the agreement, beside its first version. */
      requestFingerprint: { type: 'string' },
    },
    indexes: {
      version: {
        pk: ownPartition,
        sk: { field: 'sk', composite: ['number'], template: 'version#${number}', casing: 'none' },
      },
    },
  } as const,
  crmTable,
);

const putVersion = putterFor(versions);

const agreementAttributes = attributesOf(agreements, 'shelf');

const readAgreement = reading(agreementAttributes);

const told = projecting(agreementAttributes);

const toAgreement = (row: Row) => readAgreement(row) as unknown as SharingAgreement;

/** All agreements that were not ended, as last written; who asks at the same time is answered by one query. */
export function agreementsNotEnded(): Promise<readonly SharingAgreement[]> {
  return notEnded.load('all');
}

/** Without a cache: what is asked for is read after it was asked for. */
const notEnded = new DataLoader<'all', readonly SharingAgreement[]>(
  async (asked) => {
    const rows = await queryAll(
      told({
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': `${tenant}#agreements` },
        ConsistentRead: true,
      }),
    );
    const all = rows.map(toAgreement);
    return asked.map(() => all);
  },
  { cache: false },
);

/** The agreement, as last written; undefined when there is none. */
export async function getAgreement(id: string): Promise<SharingAgreement | undefined> {
  const row = await presentRow(id);
  return row && toAgreement(row);
}

/** @throws Refusal `AGREEMENT.NOT_FOUND` when there is no such agreement. */
export async function knownAgreement(id: string): Promise<SharingAgreement> {
  const agreement = await getAgreement(id);
  if (agreement) return agreement;
  throw new Refusal('AGREEMENT.NOT_FOUND', `There is no sharing agreement ${id}: check the id`, {
    field: 'id',
    value: id,
  });
}

/**
 * A page of the agreements, latest first; given a partner, of the partner's.
 *
 * @throws Refusal `INPUT.INVALID` for a page size, `CURSOR.INVALID`
 */
export function listAgreements(
  page: PageRequest,
  partnerId?: string | null,
): Promise<Connection<SharingAgreement>> {
  const query = agreements.query
    .byTime({ tenant })
    .where((attribute, { eq }) => (partnerId ? eq(attribute.partnerId, partnerId) : ''))
    .params({ order: 'desc' });
  const keyAt = async (id: string) => {
    const row = await presentRow(id);
    return row && { pk: row.pk, sk: row.sk, gsi1pk: row.gsi1pk, gsi1sk: row.gsi1sk };
  };
  return readPage(
    { query: query as never, placeOf: ({ id }) => String(id), keyAt, parse: toAgreement },
    page,
  );
}

/** A page of the versions of an agreement, latest first. */
export function versionsOf(id: string, page: PageRequest): Promise<Connection<SharingAgreement>> {
  const query = versions.query.version({ tenant, id }).params({ order: 'desc' });
  const places = bySortKey(`${tenant}#${id}`, /^version#\d{4,}$/);
  const parse = (row: Row) => row.agreement as SharingAgreement;
  return readPage({ query: query as never, ...places, parse }, page);
}

/**
 * Adds an agreement.
 *
 * @returns the agreement that is there: the new one, for a retry of the same request the one it made; 'contended' when
 * another one was made or ended at the same time.
 * @throws Refusal `AGREEMENT.LIMIT`, `REQUEST.ID_REUSED`
 */
export async function addAgreement(
  added: NewVersion,
  requestFingerprint: string,
): Promise<SharingAgreement | 'contended'> {
  const { id } = added.agreement;
  const [count, made] = await Promise.all([
    countOfAgreements(),
    getRow({ pk: `${tenant}#${id}`, sk: `version#${numberOf(1)}` }, { consistent: true }),
  ]);
  if (made) return sameRequest(made, requestFingerprint);
  if (count.count >= mostAgreements) {
    throw new Refusal(
      'AGREEMENT.LIMIT',
      `${count.count} sharing agreements were not ended, and more there may not be: end one first, expired ones too`,
      { value: count.count },
    );
  }
  const conflicts = await write([
    versionOperation(added.agreement, requestFingerprint),
    { Put: putAgreement(toRow(added), ifNew) },
    countOperation(count, 1),
  ]);
  if (!conflicts) return added.agreement;
  return conflicts[0] ? sameRequest(conflicts[0], requestFingerprint) : 'contended';
}

/** Replaces an agreement that still has the version before; 'contended' when it has not. */
export async function replaceAgreement(changed: NewVersion): Promise<SharingAgreement | 'contended'> {
  const put = putAgreement(toRow(changed), ifAtVersion(changed.agreement.version - 1));
  return writeVersion(changed, [{ Put: put }]);
}

/** Sets an agreement aside that still has the version before; 'contended' when it has not. */
export async function setAgreementAside(ended: NewVersion): Promise<SharingAgreement | 'contended'> {
  const { id, version } = ended.agreement;
  const Key = { ...keyOnShelf('agreements', id) };
  return writeVersion(ended, [
    { Put: putAgreement(toRow(ended), ifNew) },
    { Delete: { TableName: crmTable.table, Key, ...ifAtVersion(version - 1) } },
    countOperation(await countOfAgreements(), -1),
  ]);
}

async function writeVersion(
  { agreement, change }: NewVersion,
  operations: readonly Operation[],
): Promise<SharingAgreement | 'contended'> {
  const conflicts = await write([...operations, versionOperation(agreement)]);
  if (!conflicts) return agreement;
  // This very change stands in its own way when the client sent the write again, its answer lost.
  return (conflicts[0]?.change as { id?: string } | undefined)?.id === change.id ? agreement : 'contended';
}

function versionOperation(agreement: SharingAgreement, requestFingerprint?: string): Operation {
  const { id, version } = agreement;
  const stamp = requestFingerprint ? { requestFingerprint } : {};
  const row = { tenant, id, number: numberOf(version), agreement, ...stamp };
  return { Put: putVersion(row, ifNew) };
}

const numberOf = (version: number) => String(version).padStart(4, '0');

async function presentRow(id: string): Promise<Row | undefined> {
  if (!isAgreementId(id)) return undefined;
  // What is ended moves. Of the two reads of a batch one may be before and one after: then look again.
  return (await rowOnShelf(id)) ?? rowOnShelf(id);
}

const keyOnShelf = (shelf: (typeof shelves)[number], id: string): Key => ({
  pk: `${tenant}#${shelf}`,
  sk: id,
});

async function rowOnShelf(id: string): Promise<Row | undefined> {
  const [open, ended] = await Promise.all(
    shelves.map((shelf) => getRow(keyOnShelf(shelf, id), { consistent: true })),
  );
  return ended ?? open;
}

async function sameRequest(row: Row, requestFingerprint: string): Promise<SharingAgreement> {
  if (row.requestFingerprint === requestFingerprint) return knownAgreement(String(row.id));
  throw new Refusal(
    'REQUEST.ID_REUSED',
    'The clientRequestId made another agreement: give each request its own',
    { field: 'clientRequestId', id: row.id },
  );
}

function toRow({ agreement, change }: NewVersion) {
  const shelf = agreement.endedAt ? 'ended-agreements' : 'agreements';
  return { ...agreement, tenant, shelf, change } as const;
}
