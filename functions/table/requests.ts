import { Entity } from 'electrodb';
import { Refusal } from '../../domain/errors.ts';
import { getItem } from './calls.ts';
import { technicalTable, tenant } from './client.ts';
import { ifNew } from './conditions.ts';
import { putterFor } from './put.ts';
import { type Operation, write } from './write.ts';

/** A change that was made, kept for 30 days so that its retry is recognised. */
const requests = new Entity(
  {
    model: { entity: 'request', version: '1', service: 'technical' },
    attributes: {
      tenant: { type: 'string', required: true },
      key: { type: 'string', required: true },
      fingerprint: { type: 'string', required: true },
      answerId: { type: 'string', required: true },
      expiresAt: { type: 'number', required: true },
    },
    indexes: {
      request: {
        pk: {
          field: 'pk',
          composite: ['tenant', 'key'],
          template: '${tenant}#request#${key}',
          casing: 'none',
        },
        sk: { field: 'sk', composite: [], template: 'request', casing: 'none' },
      },
    },
  } as const,
  technicalTable,
);

const putRequest = putterFor(requests);

const keptSeconds = 30 * 24 * 60 * 60;

/** A request as its caller sent it. */
export interface ClientRequest {
  /** Field, caller and clientRequestId. */
  readonly key: string;
  /** Of the whole input. */
  readonly fingerprint: string;
}

/**
 * Whether the request was made before.
 *
 * @throws Refusal `REQUEST.ID_REUSED` when it was made with another input.
 */
export async function requestAnswered({ key, fingerprint }: ClientRequest): Promise<boolean> {
  const { Key } = requests.get({ tenant, key }).params<{ Key: Record<string, unknown> }>();
  const made = await getItem({ TableName: technicalTable.table, Key, ConsistentRead: true });
  return made !== undefined && requestMade(made, fingerprint) === 'repeated';
}

/**
 * Remembers a request that changed nothing, so that its retry changes nothing either.
 *
 * @throws Refusal `REQUEST.ID_REUSED`
 */
export async function rememberRequest(request: ClientRequest, answerId: string): Promise<void> {
  const [made] = (await write([requestOperation(request, answerId)])) ?? [];
  if (made) requestMade(made, request.fingerprint);
}

/** The part of a write that remembers its request. */
export function requestOperation({ key, fingerprint }: ClientRequest, answerId: string): Operation {
  const expiresAt = Math.floor(Date.now() / 1000) + keptSeconds;
  return { Put: putRequest({ tenant, key, fingerprint, answerId, expiresAt }, ifNew) };
}

/**
 * Tells a retry from a reuse by the record that stood in the way.
 *
 * @throws Refusal `REQUEST.ID_REUSED`
 */
export function requestMade(record: Record<string, unknown>, fingerprint: string): 'repeated' {
  if (record.fingerprint === fingerprint) return 'repeated';
  throw new Refusal(
    'REQUEST.ID_REUSED',
    'The clientRequestId made another change: give each request its own',
    {
      field: 'clientRequestId',
      id: record.answerId,
    },
  );
}
