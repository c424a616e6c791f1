/** The functions of `functions/api`, one for each context. */
export type ApiFunction = 'team' | 'nodes' | 'customers' | 'interactions' | 'sales' | 'insights';

/** What answers a field: a function of `functions/api`, or the publishing resolver that only passes its input on. */
export type FieldSource = ApiFunction | 'publish';

/**
 * Which function answers which field of the schema. Fields that are not named here are read from their parent.
 * The infrastructure makes one resolver of each entry; the contract test holds it against the schema.
 */
export const manifest: Readonly<Record<string, FieldSource>> = {
  'Query.me': 'team',
  'Query.node': 'nodes',
  'Query.customer': 'customers',
  'Query.customerByIdentity': 'customers',
  'Query.customer360': 'customers',
  'Query.customers': 'customers',
  'Mutation.createCustomer': 'customers',
  'Mutation.createCustomers': 'customers',
  'Mutation.updateCustomer': 'customers',
  'Mutation.updateCustomers': 'customers',
  'Subscription.onCustomerActivity': 'customers',
  'Customer.timeline': 'interactions',
  'Mutation.logInteraction': 'interactions',
  'Mutation.logInteractions': 'interactions',
  'Customer.orders': 'sales',
  'Order.lines': 'sales',
  'Mutation.placeOrder': 'sales',
  'Mutation.placeOrders': 'sales',
  'Customer.score': 'insights',
  'Mutation._publishCustomerActivity': 'publish',
};
