import { consentOf } from '../sample.ts';
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
const header = 'id kind source externalId placedAt total { amount currency } lineCount version';
const consent = 'id purpose channel partnerId state basis statedAt';
const scoreFields = 'engagement recencyDays frequency monetaryTotal { amount currency } stage above';
const profile =
  'id kind name givenName familyName identities { kind value } language ownerId team createdAt updatedAt version';

const person = (index: number, at: string) => ({
  kind: 'PERSON',
  name: `Grace ${at} Hopper`,
  identities: [{ kind: 'EMAIL', value: `grace.${index}@customers.example` }],
  language: 'en',
  team: 'north',
});

/** Customers with their scores and consents. */
export const customersOperations: readonly Operation[] = [
  {
    name: 'create a customer',
    field: 'Mutation.createCustomer',
    as: 'sales',
    query: mutation('createCustomer', 'CreateCustomerInput'),
    ...input(() => person(0, 'Brewster')),
  },
  {
    name: 'create customers, a row',
    field: 'Mutation.createCustomers',
    as: 'integration',
    query: mutation('createCustomers', 'CreateCustomersInput', ofRows('customer')),
    rows: ROWS,
    ...input(() => ({ customers: times((index) => ({ ...person(index + 1, 'Murray'), via: 'IMPORT' })) })),
  },
  {
    name: 'change a customer',
    field: 'Mutation.updateCustomer',
    as: 'sales',
    query: mutation('updateCustomer', 'UpdateCustomerInput'),
    ...input(({ customer }) => ({ id: customer().id, language: 'it' })),
  },
  {
    name: 'change customers, a row',
    field: 'Mutation.updateCustomers',
    as: 'integration',
    query: mutation('updateCustomers', 'UpdateCustomersInput', ofRows('customer')),
    rows: ROWS,
    ...input(({ customer }) => ({
      customers: times(() => ({ id: customer().id, language: 'it', via: 'IMPORT' })),
    })),
  },
  {
    name: 'record a consent',
    field: 'Mutation.recordConsent',
    as: 'sales',
    query: mutation('recordConsent', 'RecordConsentInput'),
    ...input(({ customer }) => consentOf(customer().id, 'ANALYTICS')),
  },
  {
    name: 'record consents, a row',
    field: 'Mutation.recordConsents',
    as: 'integration',
    query: mutation('recordConsents', 'RecordConsentsInput', ofRows('consent')),
    rows: ROWS,
    ...input(({ customer }) => ({
      consents: times(() => ({ ...consentOf(customer().id, 'ANALYTICS'), via: 'IMPORT' })),
    })),
  },
  {
    name: 'read a customer',
    field: 'Query.customer',
    as: 'sales',
    query: ofCustomer(profile),
    variables: idOfNext,
  },
  {
    name: 'find a customer by address',
    field: 'Query.customerByIdentity',
    as: 'sales',
    query: `query($identity: IdentityInput!) { customerByIdentity(identity: $identity) { ${profile} } }`,
    variables: ({ customer }) => ({ identity: { kind: 'EMAIL', value: customer().email } }),
  },
  {
    name: 'find 20 customers by how their name begins',
    field: 'Query.customersByName',
    as: 'sales',
    query: `{ customersByName(prefix: "Ada", first: 20) { nodes { ${profile} } ${page} } }`,
  },
  {
    name: 'see a customer at one glance: profile, score, consents, 20 contacts',
    field: 'Query.customer360',
    as: 'sales',
    query: `query($id: ID!) { customer360(id: $id) {
      customer { ${profile} } score { ${scoreFields} } timeline { ${contact} } consents { ${consent} } } }`,
    variables: idOfNext,
  },
  {
    name: 'see a customer at one glance, with the orders',
    field: 'Query.customer360',
    as: 'sales',
    query: `query($id: ID!) { customer360(id: $id) { customer { ${profile} } score { ${scoreFields} }
      timeline { ${contact} } consents { ${consent} } orders { ${header} } } }`,
    variables: idOfNext,
  },
  {
    name: "list 20 of one's customers",
    field: 'Query.customers',
    as: 'sales',
    query: `{ customers(first: 20) { nodes { ${profile} } ${page} } }`,
  },
  {
    name: 'read the score of a customer',
    field: 'Query.customer',
    as: 'sales',
    query: ofCustomer(`id score { ${scoreFields} }`),
    variables: idOfNext,
  },
  {
    name: 'read the consents of a customer',
    field: 'Query.customer',
    as: 'sales',
    query: ofCustomer(
      `id consents { ${consent} } consentHistory(first: 20) { nodes { ${consent} } ${page} }`,
    ),
    variables: idOfNext,
  },
];
