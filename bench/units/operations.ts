import { customersOperations } from './operations/customers.ts';
import { interactionsOperations } from './operations/interactions.ts';
import type { Operation } from './operations/operation.ts';
import { partnersOperations } from './operations/partners.ts';
import { salesOperations } from './operations/sales.ts';
import { teamOperations } from './operations/team.ts';

/**
 * Everything that the public contract offers, in the order in which it is measured. A new field is an entry in the file of
 * its context: a test names the one that has none.
 */
export const operations: readonly Operation[] = [
  ...customersOperations,
  ...interactionsOperations,
  ...salesOperations,
  ...partnersOperations,
  ...teamOperations,
];
