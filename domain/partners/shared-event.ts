import * as v from 'valibot';
import type { Envelope } from '../events.ts';
import type { Projection, SharedData } from './projection.ts';
import type { Share } from './share.ts';
import {
  recordOf,
  type ShareableEvent,
  type ShareableRecord,
  shareableEvents,
  shareableFields,
} from './shareable.ts';

/** An event as a partner gets it: attributes of CloudEvents 1.0, under which agreement, about whom, and what it says. */
export interface SharedEvent {
  readonly specversion: '1.0';
  /** The same however often it is sent. */
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly time: string;
  readonly subject: string;
  readonly sequence: number;
  readonly agreement: { readonly id: string; readonly version: number; readonly purpose: string };
  readonly customerRef: string;
  readonly leftOut?: readonly string[];
  readonly data: SharedData;
}

/** What a partner knows records by, in place of their ids. */
export interface References {
  readonly customer: string;
  /** Of what the event happened to; the customer's when it happened to the customer. */
  readonly subject: string;
}

/**
 * What leaves for a share. Beside the listed fields it says when what happened to which references, and nothing else of
 * the event: neither its id nor who did it.
 */
export function sharedEvent(
  event: Envelope & { readonly type: ShareableEvent },
  { id, agreementId, agreementVersion, purpose }: Share,
  references: References,
  { data, leftOut }: Pick<Projection, 'data' | 'leftOut'>,
): SharedEvent {
  return {
    specversion: '1.0',
    id,
    source: `fidelia/${event.tenant}`,
    type: shareableEvents[event.type].sharedAs,
    time: event.time,
    subject: references.subject,
    sequence: event.sequence,
    agreement: { id: agreementId, version: agreementVersion, purpose },
    customerRef: references.customer,
    ...(leftOut ? { leftOut } : {}),
    data,
  };
}

const reference = (what: string) => v.pipe(v.string(), v.regex(/^ref_[0-9A-Z]{26}$/), v.description(what));

/** The schema of an event as a partner gets it. Fields that an agreement does not list, or that have no value, are absent. */
export const sharedEventSchema = (type: ShareableEvent) =>
  v.object({
    specversion: v.literal('1.0'),
    id: described(v.string(), 'The same however often the event is sent: drop what you have seen.'),
    source: described(v.string(), '`fidelia/` and the name of the firm.'),
    type: v.literal(shareableEvents[type].sharedAs),
    time: described(v.pipe(v.string(), v.isoTimestamp()), 'When it happened, or was recorded.'),
    subject: reference('What it happened to, by a reference that is yours alone.'),
    sequence: described(
      v.pipe(v.number(), v.integer(), v.minValue(1)),
      'Version of the subject: of two events of one type about it, the higher one is the later.',
    ),
    agreement: described(
      v.object({
        id: v.string(),
        version: v.pipe(v.number(), v.integer(), v.minValue(1)),
        purpose: v.string(),
      }),
      'The agreement under which you get it, and for what alone you may use it.',
    ),
    customerRef: reference('The customer, by a reference that is yours alone and always the same.'),
    leftOut: v.optional(
      described(v.array(v.string()), 'Fields of the agreement that the event had no room for.'),
    ),
    data: described(
      v.object(entriesOf(namesFor(shareableEvents[type].records))),
      'The fields that the agreement lists.',
    ),
  });

const namesFor = (records: readonly ShareableRecord[]) =>
  Object.keys(shareableFields).filter((name) => records.includes(recordOf(name)));

/** Optional entries of an object, nested as the dots in the names say. */
function entriesOf(names: readonly string[], prefix = ''): Record<string, v.GenericSchema> {
  const groups = Map.groupBy(names, (name) => name.slice(prefix.length).split('.')[0] ?? '');
  return Object.fromEntries(
    [...groups].map(([key, members]) => {
      const field = shareableFields[`${prefix}${key}`];
      const schema = field
        ? described(field.schema, field.description)
        : v.object(entriesOf(members, `${prefix}${key}.`));
      return [key, v.optional(schema)];
    }),
  );
}

function described<S extends v.GenericSchema>(schema: S, description: string) {
  return v.pipe(schema, v.description(description));
}
