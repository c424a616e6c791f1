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

export const times = <T>(make: (index: number) => T): T[] =>
  Array.from({ length: ROWS }, (_, index) => make(index));

/** A mutation with one input, whose answer is selected by `fields`. */
export const mutation = (name: string, type: string, fields = 'id version'): string =>
  `mutation($input: ${type}!) { ${name}(input: $input) { ${fields} } }`;

/** The answer of a batch form. */
export const ofRows = (thing: string): string => `results { index ${thing} { id version } error { code } }`;

export const page = 'pageInfo { hasNextPage endCursor }';

/** Fields of a customer. */
export const ofCustomer = (fields: string): string => `query($id: ID!) { customer(id: $id) { ${fields} } }`;

export const idOfNext = ({ customer }: Firm) => ({ id: customer().id });

/** The variables of a mutation with one input. */
export const input = <T extends object>(make: (firm: Firm) => T) => ({
  variables: (firm: Firm) => ({ input: make(firm) }),
});

/** @throws Error when no operation before has left an id under this name */
export function idLeftBy(name: string, { left }: Firm): string {
  const id = left.get(name);
  if (id === undefined) throw new Error(`No operation before has left an id under ${JSON.stringify(name)}.`);
  return id;
}

/** An input with the id that an operation before has left. */
export const leftBy = (name: string, more: object = {}) =>
  input((firm) => ({ id: idLeftBy(name, firm), ...more }));
