import * as v from 'valibot';
import type { Customer } from '../customers/customer.ts';
import type { Identity, IdentityKind } from '../customers/identity.ts';
import type { EventType } from '../events.ts';
import { type Stage, stages } from '../insights/stage.ts';
import { channels, directions } from '../interactions/channel.ts';
import type { Interaction } from '../interactions/interaction.ts';
import type { Order, OrderLine } from '../sales/order.ts';
import { orderStates } from '../sales/order-state.ts';

/** What the firm knows when something about a customer is shared: the records as they are at that moment. */
export interface SharedFacts {
  readonly customer: Customer;
  /** Where the customer stands in the life cycle. */
  readonly stage?: Stage | undefined;
  /** The order that was placed or changed, when the event is about one. */
  readonly order?: Order | undefined;
  readonly lines?: readonly OrderLine[] | undefined;
  /** The interaction that was logged, when the event is about one. */
  readonly interaction?: (Interaction & { readonly threadId?: string | undefined }) | undefined;
}

/** Which record a field is of. */
export type ShareableRecord = 'customer' | 'order' | 'interaction';

/** The events that an agreement may share: as what, about which records, and what they say. */
export const shareableEvents = {
  'crm.customer.created.v1': {
    sharedAs: 'fidelia.customer.created.v1',
    records: ['customer'],
    description: 'A customer was added.',
  },
  'crm.customer.updated.v1': {
    sharedAs: 'fidelia.customer.updated.v1',
    records: ['customer'],
    description: 'Something changed of what the agreement shares about a customer.',
  },
  'crm.customer.stage-changed.v1': {
    sharedAs: 'fidelia.customer.stage-changed.v1',
    records: ['customer'],
    description: 'A customer stands elsewhere in the life cycle.',
  },
  'crm.order.placed.v1': {
    sharedAs: 'fidelia.order.placed.v1',
    records: ['customer', 'order'],
    description: 'A customer ordered something, or gave something back.',
  },
  'crm.order.changed.v1': {
    sharedAs: 'fidelia.order.changed.v1',
    records: ['customer', 'order'],
    description: 'An order was fulfilled or cancelled.',
  },
  'crm.interaction.logged.v1': {
    sharedAs: 'fidelia.interaction.logged.v1',
    records: ['customer', 'interaction'],
    description: 'There was a contact with a customer.',
  },
} as const satisfies Partial<
  Record<
    EventType,
    {
      readonly sharedAs: string;
      readonly records: readonly ShareableRecord[];
      readonly description: string;
    }
  >
>;

/** The name of an event that an agreement may share. */
export type ShareableEvent = keyof typeof shareableEvents;

/** Whether an agreement may share events of this name. */
export const isShareableEvent = (name: string): name is ShareableEvent =>
  Object.hasOwn(shareableEvents, name);

/** A field that an agreement may list. */
export interface ShareableField {
  /** What it means, to a partner. */
  readonly description: string;
  /** What leaves: a value of another form stays, and so does what an object holds beside this. */
  readonly schema: v.GenericSchema;
  readonly read: (facts: SharedFacts) => unknown;
  /** The field of the profile by which `crm.customer.updated.v1` says that it changed. */
  readonly profileField?: string;
}

const text = v.string();
const instant = v.pipe(v.string(), v.isoTimestamp());
const money = v.object({ amount: v.string(), currency: v.string() });
const externalId = v.object({ source: v.string(), value: v.string() });
const line = v.object({
  code: v.string(),
  description: v.optional(v.string()),
  quantity: v.string(),
  unitPrice: v.string(),
});

const valuesOf = (identities: readonly Identity[], kind: IdentityKind) =>
  identities.filter((identity) => identity.kind === kind).map(({ value }) => value);

function profile(
  profileField: string,
  description: string,
  schema: v.GenericSchema,
  read: (customer: Customer) => unknown,
): ShareableField {
  return { profileField, description, schema, read: ({ customer }) => read(customer) };
}

/**
 * The fields that an agreement may list, by the place where they stand in what is shared. Bodies of interactions, owners,
 * teams, custom attributes, consents and scores are not among them and never leave.
 */
export const shareableFields: Readonly<Record<string, ShareableField>> = {
  'customer.kind': profile(
    'kind',
    'A person or a company.',
    v.picklist(['PERSON', 'COMPANY']),
    ({ kind }) => kind,
  ),
  'customer.name': profile('name', 'What the customer is called.', text, ({ name }) => name),
  'customer.givenName': profile('givenName', 'Given name of a person.', text, ({ givenName }) => givenName),
  'customer.familyName': profile(
    'familyName',
    'Family name of a person.',
    text,
    ({ familyName }) => familyName,
  ),
  'customer.emails': profile('identities', 'E-mail addresses.', v.array(text), ({ identities }) =>
    valuesOf(identities, 'EMAIL'),
  ),
  'customer.phones': profile('identities', 'Phone numbers in E.164.', v.array(text), ({ identities }) =>
    valuesOf(identities, 'PHONE'),
  ),
  'customer.externalIds': profile(
    'identities',
    'Ids in other systems, each with the system that it is from.',
    v.array(externalId),
    ({ identities }) => identities.filter(({ kind }) => kind === 'EXTERNAL_ID'),
  ),
  'customer.address.lines': profile(
    'address',
    'Street and number, one line each.',
    v.array(text),
    ({ address }) => address?.lines,
  ),
  'customer.address.city': profile('address', 'Town or city.', text, ({ address }) => address?.city),
  'customer.address.region': profile(
    'address',
    'County, state or province.',
    text,
    ({ address }) => address?.region,
  ),
  'customer.address.postalCode': profile(
    'address',
    'Postal code.',
    text,
    ({ address }) => address?.postalCode,
  ),
  'customer.address.country': profile(
    'address',
    'ISO 3166-1 alpha-2 code of the country.',
    text,
    ({ address }) => address?.country,
  ),
  'customer.language': profile(
    'language',
    'BCP 47 tag of the language to address the customer in.',
    text,
    ({ language }) => language,
  ),
  'customer.stage': {
    description: 'Where the customer stands in the life cycle.',
    schema: v.picklist(stages),
    read: ({ stage }) => stage,
  },
  'order.externalId': {
    description: 'Number of the order in the system that it comes from.',
    schema: text,
    read: ({ order }) => order?.externalId,
  },
  'order.source': {
    description: 'The system that the order comes from.',
    schema: text,
    read: ({ order }) => order?.source,
  },
  'order.kind': {
    description: 'Whether goods were sold or came back.',
    schema: v.picklist(['SALE', 'RETURN']),
    read: ({ order }) => order?.kind,
  },
  'order.state': {
    description: 'Whether the order is open, fulfilled or cancelled.',
    schema: v.picklist(orderStates),
    read: ({ order }) => order?.state,
  },
  'order.placedAt': {
    description: 'When the order was placed.',
    schema: instant,
    read: ({ order }) => order?.placedAt,
  },
  'order.total': {
    description: 'What the order comes to: a decimal, negative for a return, in a currency of ISO 4217.',
    schema: money,
    read: ({ order }) => order?.total,
  },
  'order.lineCount': {
    description: 'How many lines the order has.',
    schema: v.number(),
    read: ({ order }) => order?.lineCount,
  },
  'order.lines': {
    description: 'The lines of the order; unit prices are in the currency of the order.',
    schema: v.array(line),
    read: ({ lines }) => lines,
  },
  'interaction.channel': {
    description: 'The way that the contact took.',
    schema: v.picklist(channels),
    read: ({ interaction }) => interaction?.channel,
  },
  'interaction.direction': {
    description: 'From the customer to the firm, or from the firm to the customer.',
    schema: v.picklist(directions),
    read: ({ interaction }) => interaction?.direction,
  },
  'interaction.occurredAt': {
    description: 'When the contact took place.',
    schema: instant,
    read: ({ interaction }) => interaction?.occurredAt,
  },
  'interaction.subject': {
    description: 'What the contact was about, in a few words; never what was said.',
    schema: text,
    read: ({ interaction }) => interaction?.subject,
  },
  'interaction.threadId': {
    description: 'The conversation that the contact belongs to.',
    schema: text,
    read: ({ interaction }) => interaction?.threadId,
  },
};

/** The shareable field of a name; undefined when there is none, also for names that every object knows. */
export const shareableField = (name: string): ShareableField | undefined =>
  Object.hasOwn(shareableFields, name) ? shareableFields[name] : undefined;

/** Which record a field is of: the first part of its name. */
export const recordOf = (field: string): ShareableRecord => field.split('.')[0] as ShareableRecord;
