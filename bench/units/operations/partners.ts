import { terms } from '../sample.ts';
import { idOfNext, input, leftBy, mutation, type Operation, ofCustomer, page } from './operation.ts';

const agreement = 'id partnerId purpose events fields validFrom validUntil endedAt version';

/** Partners, what is agreed with them, and what they and the customer got. */
export const partnersOperations: readonly Operation[] = [
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
