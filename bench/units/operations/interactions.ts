import { contactOf, DAY } from '../sample.ts';
import {
  idOfNext,
  input,
  mutation,
  type Operation,
  ofCustomer,
  ofRows,
  page,
  ROWS,
  times,
} from './operation.ts';

const contact = 'id channel direction subject body threadId occurredAt loggedBy version';

/** One day before now: what an import brings is a little old. */
const yesterday = () => new Date(Date.now() - DAY).toISOString();

/** Contacts with customers. */
export const interactionsOperations: readonly Operation[] = [
  {
    name: 'log a contact that nobody is told of',
    field: 'Mutation.logInteraction',
    as: 'sales',
    query: mutation('logInteraction', 'LogInteractionInput'),
    ...input(({ customer }) => contactOf(customer().id)),
  },
  {
    name: 'log a contact of which the owner is told in the app and by mail',
    field: 'Mutation.logInteraction',
    as: 'integration',
    query: mutation('logInteraction', 'LogInteractionInput'),
    ...input(({ customer }) => contactOf(customer().id, { direction: 'INBOUND' })),
  },
  {
    name: 'log contacts, a row',
    field: 'Mutation.logInteractions',
    as: 'integration',
    query: mutation('logInteractions', 'LogInteractionsInput', ofRows('interaction')),
    rows: ROWS,
    ...input(({ customer }) => ({
      interactions: times(() => contactOf(customer().id, { occurredAt: yesterday(), via: 'IMPORT' })),
    })),
  },
  {
    name: 'read 20 contacts of a thread',
    field: 'Query.thread',
    as: 'sales',
    query: `query($id: ID!) { thread(customerId: $id, threadId: "quote", first: 20) { nodes { ${contact} } ${page} } }`,
    variables: idOfNext,
  },
  {
    name: 'read 20 contacts of a customer',
    field: 'Query.customer',
    as: 'sales',
    query: ofCustomer(`id timeline(first: 20) { nodes { ${contact} } ${page} }`),
    variables: idOfNext,
  },
];
