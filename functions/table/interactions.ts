import { Entity } from 'electrodb';
import type { Change } from '../../domain/change.ts';
import { Refusal } from '../../domain/errors.ts';
import { endOf, type InteractionFact, startOf } from '../../domain/insights/bucket.ts';
import { channels, directions } from '../../domain/interactions/channel.ts';
import { type Interaction, longestBody } from '../../domain/interactions/interaction.ts';
import { vias } from '../../domain/via.ts';
import type { Connection, PageRequest } from '../runtime/page.ts';
import { attributesOf, projecting, reading } from './attributes.ts';
import { crmTable, tenant } from './client.ts';
import { ifNew } from './conditions.ts';
import { firstUlidAt, partsOfInteractionId } from './ids.ts';
import { customerPartition, ownPartition } from './keys.ts';
import { bySortKey, readPage } from './page.ts';
import { queryOf } from './partition.ts';
import { putterFor } from './put.ts';
import { batchGet, getRow, queryAll, type Row } from './read.ts';
import { type Operation, write } from './write.ts';

/** Stands for the thread of an interaction that belongs to none: a put has every part of every index. */
const noThread = '';

/** An interaction, in its customer's partition, in the order of time; those of a thread are found over gsi2 as well. */
export const interactions = new Entity(
  {
    model: { entity: 'interaction', version: '1', service: 'crm' },
    attributes: {
      tenant: { type: 'string', required: true },
      customerId: { type: 'string', required: true },
      time: { type: 'string', required: true },
      id: { type: 'string', required: true },
      channel: { type: channels, required: true },
      direction: { type: directions, required: true },
      subject: { type: 'string' },
      body: { type: 'string' },
      bodyApart: { type: 'boolean' },
      threadId: { type: 'string' },
      agentId: { type: 'string' },
      storeId: { type: 'string' },
      via: { type: vias },
      occurredAt: { type: 'string', required: true },
      loggedAt: { type: 'string', required: true },
      loggedBy: { type: 'string', required: true },
      version: { type: 'number', required: true },
      requestFingerprint: { type: 'string' },
      change: { type: 'any' },
    },
    indexes: {
      timeline: {
        pk: customerPartition,
        sk: { field: 'sk', composite: ['time'], template: 'timeline#${time}', casing: 'none' },
      },
      byThread: {
        index: 'gsi2',
        condition: ({ threadId }: { readonly threadId?: string }) => threadId !== noThread,
        pk: {
          field: 'gsi2pk',
          composite: ['tenant', 'customerId', 'threadId'],
          template: '${tenant}#${customerId}#thread#${threadId}',
          casing: 'none',
        },
        sk: { field: 'gsi2sk', composite: ['time'], template: '${time}', casing: 'none' },
      },
    },
  } as const,
  crmTable,
);

/** A body too long to be carried along by every read of the timeline. */
const bodies = new Entity(
  {
    model: { entity: 'interactionBody', version: '1', service: 'crm' },
    attributes: {
      tenant: { type: 'string', required: true },
      id: { type: 'string', required: true },
      body: { type: 'string', required: true },
    },
    indexes: {
      body: {
        pk: ownPartition,
        sk: { field: 'sk', composite: [], template: 'body', casing: 'none' },
      },
    },
  } as const,
  crmTable,
);

const putInteraction = putterFor(interactions);

const putBody = putterFor(bodies);

const longestBodyWithin = 2048;

/** An interaction as stored: a long body is fetched only when it is asked for. */
export type StoredInteraction = Interaction & { readonly bodyApart?: boolean };

/** What is told of an interaction. */
export const interactionAttributes = attributesOf(interactions, 'time');

const readInteraction = reading(interactionAttributes);

/** Reads an interaction's row, as a query over the customer's partition finds it. */
export function toInteraction(row: Row): StoredInteraction {
  const { threadId, ...interaction } = readInteraction(row);
  return {
    // Those of before it was recorded came by the API.
    via: 'API',
    ...interaction,
    ...(threadId && threadId !== noThread ? { threadId } : {}),
  } as unknown as StoredInteraction;
}

/**
 * Adds an interaction; writes no other item of the customer.
 *
 * @returns the interaction that is there: the new one, or for a retry of the same request the one it made.
 * @throws Refusal `REQUEST.ID_REUSED`
 */
export async function addInteraction(
  interaction: Interaction,
  change: Change,
  requestFingerprint: string,
): Promise<Interaction> {
  const { body, ...rest } = interaction;
  const apart = body !== undefined && Buffer.byteLength(body) > longestBodyWithin;
  const time = partsOfInteractionId(interaction.id)?.time ?? '';
  const threadId = interaction.threadId ?? noThread;
  const row = { ...rest, threadId, tenant, time, requestFingerprint, change };
  const content = body === undefined ? {} : apart ? { bodyApart: true } : { body };
  const operations: Operation[] = [{ Put: putInteraction({ ...row, ...content }, ifNew) }];
  if (apart) operations.push({ Put: putBody({ tenant, id: interaction.id, body }) });

  const conflicts = await write(operations);
  if (!conflicts) return interaction;
  const present = conflicts[0] ?? {};
  if (present.requestFingerprint !== requestFingerprint) {
    throw new Refusal(
      'REQUEST.ID_REUSED',
      'The clientRequestId made another interaction: give each request its own',
      {
        field: 'clientRequestId',
        id: present.id,
      },
    );
  }
  const { bodyApart: _apart, ...stored } = toInteraction(present);
  return body === undefined ? stored : { ...stored, body };
}

/** The interaction; undefined when there is none. */
export async function getInteraction(id: string): Promise<StoredInteraction | undefined> {
  const parts = partsOfInteractionId(id);
  if (!parts) return undefined;
  const key = { pk: `${tenant}#${parts.customerId}`, sk: `timeline#${parts.time}` };
  const row = await getRow(key, { consistent: true });
  return row && toInteraction(row);
}

const inTimeline = projecting([...interactionAttributes, 'sk']);
const inThread = projecting([...interactionAttributes, 'gsi2sk']);

/** A page of a customer's timeline, latest first. */
export function timelineOf(customerId: string, page: PageRequest): Promise<Connection<StoredInteraction>> {
  const key = `${tenant}#${customerId}`;
  const query = inTimeline(queryOf({ key, prefix: 'timeline#', latestFirst: true }));
  return readPage({ query, ...bySortKey(key, /^timeline#[0-9A-Z]{26}$/), parse: toInteraction }, page);
}

/** A page of the interactions of one thread with a customer, latest first. */
export function threadOf(
  customerId: string,
  threadId: string,
  page: PageRequest,
): Promise<Connection<StoredInteraction>> {
  const pk = `${tenant}#${customerId}`;
  const gsi2pk = `${pk}#thread#${threadId}`;
  const query = inThread(queryOf({ index: 'gsi2', key: gsi2pk, latestFirst: true }));
  const placeOf = ({ gsi2sk }: Row) => String(gsi2sk);
  const keyAt = (time: string) =>
    /^[0-9A-Z]{26}$/.test(time) ? { pk, sk: `timeline#${time}`, gsi2pk, gsi2sk: time } : undefined;
  return readPage({ query, placeOf, keyAt, parse: toInteraction }, page);
}

/** The interactions with the bodies that lie apart. */
export async function withBodies(list: readonly StoredInteraction[]): Promise<Interaction[]> {
  const keys = list.filter((one) => one.bodyApart).map(({ id }) => ({ pk: `${tenant}#${id}`, sk: 'body' }));
  const rows = keys.length > 0 ? await batchGet(keys, { consistent: false }) : [];
  const found = new Map(rows.map((row) => [row.id, row.body as string]));
  return list.map(({ bodyApart: _apart, ...interaction }) => {
    const body = found.get(interaction.id) ?? interaction.body;
    return body === undefined ? interaction : { ...interaction, body };
  });
}

/**
 * Most bytes of interactions with their bodies, as JSON, in one answer: 20 of the longest body. A page may carry them
 * twice, as nodes and in edges, and stays below the 5 MB that a resolver of AppSync may evaluate
 * (https://docs.aws.amazon.com/general/latest/gr/appsync.html) and the 6 MB that a function may answer
 * (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html).
 */
const mostBytesWithBodies = 2_100_000;

/** The interactions with their bodies, from the first on as many as fit in one answer; at least one. */
export async function withBodiesThatFit(list: readonly StoredInteraction[]): Promise<Interaction[]> {
  const fitting: Interaction[] = [];
  let room = mostBytesWithBodies;
  while (fitting.length < list.length) {
    // As many at once as fit even when all are longest, so that little is read in vain.
    const count = Math.max(1, Math.floor(room / longestBody));
    for (const interaction of await withBodies(list.slice(fitting.length, fitting.length + count))) {
      room -= Buffer.byteLength(JSON.stringify(interaction));
      if (room < 0 && fitting.length > 0) return fitting;
      fitting.push(interaction);
    }
  }
  return fitting;
}

/** A page with the bodies of its interactions; it ends early where they are too long for one answer. */
export async function pageWithBodies(
  stored: Connection<StoredInteraction>,
): Promise<Connection<Interaction>> {
  const nodes = await withBodiesThatFit(stored.nodes);
  const isWhole = nodes.length === stored.nodes.length;
  return {
    get edges() {
      const { edges } = stored;
      return nodes.map((node, index) => ({ node, cursor: edges[index]?.cursor ?? '' }));
    },
    nodes,
    pageInfo: isWhole
      ? stored.pageInfo
      : { hasNextPage: true, endCursor: stored.edges[nodes.length - 1]?.cursor ?? null },
  };
}

/** All interactions of a UTC day, as last written, for the bucket of that day. */
export async function interactionFactsOf(customerId: string, day: string): Promise<InteractionFact[]> {
  const rows = await queryAll({
    KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
    ExpressionAttributeValues: {
      ':pk': `${tenant}#${customerId}`,
      ':from': `timeline#${firstUlidAt(startOf(day))}`,
      ':to': `timeline#${firstUlidAt(endOf(day))}`,
    },
    ProjectionExpression: 'channel, direction, occurredAt',
    ConsistentRead: true,
  });
  return rows as unknown as InteractionFact[];
}
