import type { Measured } from '../units/measure.ts';
import { quantitiesOf, quantitiesOfRequest, type Terms } from './bill.ts';
import { added, type Quantities, times } from './prices.ts';

/** What is paid for one thing that an operation does: the answer, and what follows. */
export interface OperationBill {
  readonly name: string;
  readonly request: Quantities;
  readonly after: Quantities;
}

/** The bill of one row of an operation. */
export function billOf({ name, rows, request, after }: Measured, terms: Terms): OperationBill {
  const answer = added(quantitiesOfRequest(terms), quantitiesOf(request, terms, 1));
  const { messagesInABatch } = terms.assumptions;
  return {
    name,
    request: times(1 / rows, answer),
    after: times(1 / rows, quantitiesOf(after, terms, messagesInABatch)),
  };
}
