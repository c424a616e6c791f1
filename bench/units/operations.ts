import { consentOf, contactOf, DAY, line, orderOf, terms } from './sample.ts';

/** A customer with a history, of whom no other operation makes use. */
export interface Known {
  readonly id: string;
  readonly email: string;
  readonly orderId: string;
}

/** What operations find in the firm. */
export interface Firm {
  /** The next customer. */
  readonly customer: () => Known;
  /** Ids that operations before have left, by their names. */
  readonly left: ReadonlyMap<string, string>;
}

/** A use of the API, as usual as can be: what it takes is measured. */
export interface Operation {
  /** As the list names it. */
  readonly name: string;
  /** The field of the contract. */
  readonly field: `${'Query' | 'Mutation'}.${string}`;
  /** The user of the demo firm who does it. */
  readonly as: 'admin' | 'sales' | 'integration';
  readonly query: string;
  readonly variables?: (firm: Firm) => Record<string, unknown>;
  /** How many things are done at once. @default 1 */
  readonly rows?: number;
  /** Leaves the id of the answer under the name of the operation. */
  readonly leaves?: true;
}

/** Rows of a batch form: enough to see what a row takes. */
export const ROWS = 10;

const times = <T>(make: (index: number) => T): T[] => Array.from({ length: ROWS }, (_, index) => make(index));

/** A mutation with one input, whose answer is selected by `fields`. */
const mutation = (name: string, type: string, fields = 'id version') =>
  `mutation($input: ${type}!) { ${name}(input: $input) { ${fields} } }`;

const ofRows = (thing: string) => `results { index ${thing} { id version } error { code } }`;

const page = 'pageInfo { hasNextPage endCursor }';
const profile =
  'id kind name givenName familyName identities { kind value } language ownerId team createdAt updatedAt version';
const contact = 'id channel direction subject body threadId occurredAt loggedBy version';
const header = 'id kind source externalId placedAt total { amount currency } lineCount version';
const consent = 'id purpose channel partnerId state basis statedAt';
const scoreFields = 'engagement recencyDays frequency monetaryTotal { amount currency } stage above';
const user = 'id username email name groups teams enabled';
const product = 'id source code name category price { amount currency } active version';
const agreement = 'id partnerId purpose events fields validFrom validUntil endedAt version';

const ofCustomer = (fields: string) => `query($id: ID!) { customer(id: $id) { ${fields} } }`;
const idOfNext = ({ customer }: Firm) => ({ id: customer().id });
const input = <T extends object>(make: (firm: Firm) => T) => ({
  variables: (firm: Firm) => ({ input: make(firm) }),
});
const idLeftBy = (name: string, { left }: Firm): string => {
  const id = left.get(name);
  if (id === undefined) throw new Error(`No operation before has left an id under ${JSON.stringify(name)}.`);
  return id;
};
const leftBy = (name: string, more: object = {}) => input((firm) => ({ id: idLeftBy(name, firm), ...more }));

const person = (index: number, at: string) => ({
  kind: 'PERSON',
  name: `Grace ${at} Hopper`,
  identities: [{ kind: 'EMAIL', value: `grace.${index}@customers.example` }],
  language: 'en',
  team: 'north',
});

const code = (index: number) => ({ source: 'shop', code: `N-${100 + index}`, name: line.description });

const colleague = {
  username: 'cleo',
  email: 'cleo@demo.example',
  name: 'Cleo',
  groups: ['service'],
  teams: ['south'],
};

/** One day before now: what an import brings is a little old. */
const yesterday = () => new Date(Date.now() - DAY).toISOString();

/** Everything that the public contract offers. Add an entry for a new field: a test names the one that has none. */
export const operations: readonly Operation[] = [
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
    name: 'place an order of 18 lines, with a mail to the customer and a share with a partner',
    field: 'Mutation.placeOrder',
    as: 'integration',
    query: mutation('placeOrder', 'PlaceOrderInput'),
    ...input(({ customer }) => orderOf(customer().id, 'new-0')),
  },
  {
    name: 'place orders of 18 lines, a row, with a share with a partner',
    field: 'Mutation.placeOrders',
    as: 'integration',
    query: mutation('placeOrders', 'PlaceOrdersInput', ofRows('order')),
    rows: ROWS,
    ...input(({ customer }) => ({
      orders: times((index) => ({ ...orderOf(customer().id, `new-${index + 1}`, 1), via: 'IMPORT' })),
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
    name: 'record a product',
    field: 'Mutation.recordProduct',
    as: 'integration',
    query: mutation('recordProduct', 'RecordProductInput'),
    ...input(() => code(0)),
    leaves: true,
  },
  {
    name: 'record products, a row',
    field: 'Mutation.recordProducts',
    as: 'integration',
    query: mutation('recordProducts', 'RecordProductsInput', ofRows('product')),
    rows: ROWS,
    ...input(() => ({ products: times((index) => code(index + 1)) })),
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
    name: 'see a customer at one glance: profile, score, consents, 20 contacts',
    field: 'Query.customer360',
    as: 'sales',
    query: `query($id: ID!) { customer360(id: $id) {
      customer { ${profile} } score { ${scoreFields} } timeline { ${contact} } consents { ${consent} } } }`,
    variables: idOfNext,
  },
  {
    name: 'the same with the orders',
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
  {
    name: 'read the orders of a customer',
    field: 'Query.customer',
    as: 'sales',
    query: ofCustomer(`id orders(first: 20) { nodes { ${header} } ${page} }`),
    variables: idOfNext,
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
  {
    name: 'read what was sent to a customer and shared with partners',
    field: 'Query.customer',
    as: 'sales',
    query: ofCustomer(
      `id messages(first: 20) { nodes { id channel rule state claimedAt } ${page} }
       shares(first: 20) { nodes { id partnerId event fields sharedAt } ${page} }`,
    ),
    variables: idOfNext,
  },
  {
    name: 'read an order with its 18 lines',
    field: 'Query.node',
    as: 'sales',
    query: `query($id: ID!) { node(id: $id) { id ... on Order { ${header.replace('id ', '')}
      lines(first: 100) { nodes { number code description quantity unitPrice } ${page} } } } }`,
    variables: ({ customer }) => ({ id: customer().orderId }),
  },
  {
    name: 'read a product',
    field: 'Query.product',
    as: 'sales',
    query: `query($id: ID!) { product(id: $id) { ${product} } }`,
    variables: (firm) => ({ id: idLeftBy('record a product', firm) }),
  },
  {
    name: 'list 20 products',
    field: 'Query.products',
    as: 'sales',
    query: `{ products(source: "shop", first: 20) { nodes { ${product} } ${page} } }`,
  },
  {
    name: 'list 20 notifications',
    field: 'Query.notifications',
    as: 'sales',
    query: `{ notifications(first: 20) { nodes { id rule title customerId subjectId createdAt readAt } ${page} } }`,
  },
  {
    name: 'mark a notification as read',
    field: 'Mutation.markNotificationsRead',
    as: 'sales',
    query: mutation('markNotificationsRead', 'MarkNotificationsReadInput', ofRows('notification')),
    ...input((firm) => ({ ids: [idLeftBy('notification', firm)] })),
  },
  { name: 'who am I', field: 'Query.me', as: 'sales', query: `{ me { ${user} } }` },
  {
    name: 'list 20 users',
    field: 'Query.users',
    as: 'admin',
    query: `{ users(first: 20) { nodes { ${user} } ${page} } }`,
  },
  { name: 'list the teams', field: 'Query.teams', as: 'admin', query: '{ teams { name } }' },
  {
    name: 'invite a user',
    field: 'Mutation.inviteUser',
    as: 'admin',
    query: mutation('inviteUser', 'InviteUserInput', 'id'),
    ...input(() => colleague),
    leaves: true,
  },
  {
    name: 'change a user',
    field: 'Mutation.updateUser',
    as: 'admin',
    query: mutation('updateUser', 'UpdateUserInput', 'id'),
    ...leftBy('invite a user', { name: 'Cleo C.', teams: ['north'] }),
  },
  {
    name: 'disable a user',
    field: 'Mutation.disableUser',
    as: 'admin',
    query: mutation('disableUser', 'UserInput', 'id'),
    ...leftBy('invite a user'),
  },
  {
    name: 'enable a user',
    field: 'Mutation.enableUser',
    as: 'admin',
    query: mutation('enableUser', 'UserInput', 'id'),
    ...leftBy('invite a user'),
  },
  {
    name: 'list the partners',
    field: 'Query.partners',
    as: 'admin',
    query: '{ partners { id name title } }',
  },
  {
    name: 'make a sharing agreement',
    field: 'Mutation.createSharingAgreement',
    as: 'admin',
    query: mutation('createSharingAgreement', 'CreateSharingAgreementInput'),
    ...input(() => ({ ...terms, partnerId: 'par_wholesaler' })),
    leaves: true,
  },
  {
    name: 'change a sharing agreement',
    field: 'Mutation.updateSharingAgreement',
    as: 'admin',
    query: mutation('updateSharingAgreement', 'UpdateSharingAgreementInput'),
    ...leftBy('make a sharing agreement', { purpose: 'supply' }),
  },
  {
    name: 'list the sharing agreements with their versions',
    field: 'Query.sharingAgreements',
    as: 'admin',
    query: `{ sharingAgreements(first: 20) {
      nodes { ${agreement} versions(first: 20) { nodes { version purpose } ${page} } } ${page} } }`,
  },
  {
    name: 'end a sharing agreement',
    field: 'Mutation.endSharingAgreement',
    as: 'admin',
    query: mutation('endSharingAgreement', 'EndSharingAgreementInput'),
    ...leftBy('make a sharing agreement'),
  },
];
