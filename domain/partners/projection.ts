import * as v from 'valibot';
import type { Envelope } from '../events.ts';
import { fieldsFor, type SharingAgreement } from './agreement.ts';
import { type SharedFacts, shareableField } from './shareable.ts';

/** What leaves of the firm's records, by record and field. */
export interface SharedData {
  readonly customer?: Readonly<Record<string, unknown>>;
  readonly order?: Readonly<Record<string, unknown>>;
  readonly interaction?: Readonly<Record<string, unknown>>;
}

/** What leaves, and which fields these are. */
export interface Projection {
  readonly data: SharedData;
  /** Of those that the agreement lists, the ones that have a value. */
  readonly fields: readonly string[];
  /** Of those, the ones for which there is no room. */
  readonly leftOut?: readonly string[];
}

/**
 * What an agreement lets out of the facts of an event. It is built up from the listed fields alone, value by value in the
 * form that the catalogue gives: nothing is copied and then stripped, so what the catalogue does not know cannot leave.
 */
export function project(agreement: SharingAgreement, event: Envelope, facts: SharedFacts): Projection {
  const data: Tree = {};
  const fields: string[] = [];
  for (const name of new Set(fieldsFor(agreement, event))) {
    const value = sharedValue(name, facts);
    if (value === undefined) continue;
    place(data, name.split('.'), value);
    fields.push(name);
  }
  return { data, fields };
}

/**
 * Most bytes of what leaves, as JSON: with all that goes around it, it still fits in an event of 1 MB and a message of SQS
 * (https://aws.amazon.com/blogs/compute/more-room-to-build-serverless-services-now-support-payloads-up-to-1-mb).
 */
export const mostSharedBytes = 1_000_000;

/** What fits: an order of the most and longest lines can be too large, and then leaves without them and says so. */
export function fitting(projection: Projection): Projection {
  const { data, fields } = projection;
  if (!data.order?.lines || bytesOf(data) <= mostSharedBytes) return projection;
  const { lines: _lines, ...order } = data.order;
  return {
    data: { ...data, order },
    fields: fields.filter((name) => name !== 'order.lines'),
    leftOut: ['order.lines'],
  };
}

const bytesOf = (data: SharedData) => new TextEncoder().encode(JSON.stringify(data)).byteLength;

interface Tree {
  [name: string]: unknown;
}

function sharedValue(name: string, facts: SharedFacts): unknown {
  const field = shareableField(name);
  if (!field) return undefined;
  const value = v.safeParse(field.schema, field.read(facts));
  return value.success ? value.output : undefined;
}

function place(tree: Tree, [name = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) {
    tree[name] = value;
    return;
  }
  const branch = (tree[name] ?? {}) as Tree;
  tree[name] = branch;
  place(branch, rest, value);
}
