import type { QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import type { Customer } from '../../domain/customers/customer.ts';
import { startOfName } from '../../domain/customers/name.ts';
import type { Connection, PageRequest } from '../runtime/page.ts';
import { projecting } from './attributes.ts';
import { tenant } from './client.ts';
import { customerAttributes, profiles, readProfiles, toCustomer } from './customers.ts';
import { fingerprint } from './ids.ts';
import { type List, readPage } from './page.ts';
import type { Row } from './read.ts';

const ofOwner = projecting([...customerAttributes, 'gsi1sk']);
const byName = projecting([...customerAttributes, 'gsi2sk']);

/**
 * A page of the customers of an owner, by name; given teams, of those that these look after.
 *
 * @throws Refusal `INPUT.INVALID` for a page size, `CURSOR.INVALID`, also when the customer there has left the list or its
 * place in it.
 */
export function customersOf(
  ownerId: string,
  page: PageRequest,
  teams?: readonly string[],
): Promise<Connection<Customer>> {
  const all = profiles.query.byOwner({ tenant, ownerId });
  const list = teams
    ? all.where(({ team }, { eq }) => teams.map((name) => eq(team, name)).join(' OR '))
    : all;
  const isListed = (row: Row) =>
    row.gsi1pk === `${tenant}#${ownerId}` && (!teams || teams.includes(row.team as string));
  return readPage(
    { query: ofOwner(list.params() as QueryCommandInput), ...placesIn('gsi1', isListed), parse: toCustomer },
    page,
  );
}

/** Whose customers a reader may see: those the reader owns, and those that the reader's teams look after. */
export interface Readers {
  readonly ownerId: string;
  readonly teams: readonly string[];
}

/**
 * A page of the customers whose folded name begins with a folded prefix, by name; given readers, of those that they may
 * see.
 *
 * @throws Refusal as `customersOf` does.
 */
export function customersNamed(
  prefix: string,
  page: PageRequest,
  readers?: Readers,
): Promise<Connection<Customer>> {
  const nameStart = startOfName(prefix);
  const all = profiles.query.byName({ tenant, nameStart }).begins({ nameKey: prefix });
  const list = readers
    ? all.where(({ ownerId, team }, { eq }) =>
        [eq(ownerId, readers.ownerId), ...readers.teams.map((name) => eq(team, name))].join(' OR '),
      )
    : all;
  const isListed = ({ gsi2pk, gsi2sk, ownerId, team }: Row) =>
    gsi2pk === `${tenant}#name#${nameStart}` &&
    String(gsi2sk).startsWith(prefix) &&
    (!readers || ownerId === readers.ownerId || readers.teams.includes(team as string));
  return readPage(
    { query: byName(list.params() as QueryCommandInput), ...placesIn('gsi2', isListed), parse: toCustomer },
    page,
  );
}

/**
 * The places of a list of customers over an index. A place is the customer's id with a fingerprint of the key, since the
 * key itself holds the name.
 */
function placesIn(
  index: 'gsi1' | 'gsi2',
  isListed: (row: Row) => boolean,
): Pick<List<Customer>, 'placeOf' | 'keyAt'> {
  const [partition, sort] = [`${index}pk`, `${index}sk`];
  const placeOf = (row: Row) => `${row.id} ${fingerprint(row[sort])}`;
  return {
    placeOf,
    keyAt: async (place) => {
      const [row] = await readProfiles([place.split(' ')[0] ?? '']);
      if (!row || !isListed(row) || placeOf(row) !== place) return undefined;
      return { pk: row.pk, sk: row.sk, [partition]: row[partition], [sort]: row[sort] };
    },
  };
}
