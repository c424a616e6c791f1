/** The functions of `functions/api`, one for each context. */
export type ApiFunction =
  | 'team'
  | 'notifications'
  | 'nodes'
  | 'customers'
  | 'interactions'
  | 'sales'
  | 'insights'
  | 'partners';

/** What answers a field: a function of `functions/api`, or the publishing resolver that only passes its input on. */
export type FieldSource = ApiFunction | 'publish';

/**
 * Which function answers which field of the schema. Fields that are not named here are read from their parent.
 * The infrastructure makes one resolver of each entry; the contract test holds it against the schema.
 */
export const manifest: Readonly<Record<string, FieldSource>> = {
  'Query.me': 'team',
  'Query.users': 'team',
  'Query.teams': 'team',
  'Mutation.inviteUser': 'team',
  'Mutation.updateUser': 'team',
  'Mutation.disableUser': 'team',
  'Mutation.enableUser': 'team',
  'Query.notifications': 'notifications',
  'Mutation.markNotificationsRead': 'notifications',
  'Subscription.onNotification': 'notifications',
  'Query.node': 'nodes',
  'Query.customer': 'customers',
  'Query.customerByIdentity': 'customers',
  'Query.customer360': 'customers',
  'Query.customers': 'customers',
  'Query.customersByName': 'customers',
  'Mutation.createCustomer': 'customers',
  'Mutation.createCustomers': 'customers',
  'Mutation.updateCustomer': 'customers',
  'Mutation.updateCustomers': 'customers',
  'Subscription.onCustomerActivity': 'customers',
  'Customer.consents': 'customers',
  'Customer.consentHistory': 'customers',
  'Mutation.recordConsent': 'customers',
  'Mutation.recordConsents': 'customers',
  'Customer.timeline': 'interactions',
  'Mutation.logInteraction': 'interactions',
  'Mutation.logInteractions': 'interactions',
  'Query.thread': 'interactions',
  'Customer.messages': 'interactions',
  'Customer.orders': 'sales',
  'Query.orders': 'sales',
  'Order.lines': 'sales',
  'Mutation.placeOrder': 'sales',
  'Mutation.placeOrders': 'sales',
  'Mutation.updateOrder': 'sales',
  'Query.product': 'sales',
  'Query.products': 'sales',
  'Mutation.recordProduct': 'sales',
  'Mutation.recordProducts': 'sales',
  'Customer.score': 'insights',
  'Query.partners': 'partners',
  'Query.sharingAgreements': 'partners',
  'SharingAgreement.versions': 'partners',
  'Mutation.createSharingAgreement': 'partners',
  'Mutation.updateSharingAgreement': 'partners',
  'Mutation.endSharingAgreement': 'partners',
  'Customer.shares': 'partners',
  'Mutation._publishCustomerActivity': 'publish',
  'Mutation._publishNotification': 'publish',
};
