import type { Consent } from '../../domain/customers/consent.ts';
import { tenant } from './client.ts';
import { getRow } from './read.ts';

/** The consents in force of a customer, as last written; none when nothing was ever said. */
export async function consentsOf(customerId: string): Promise<readonly Consent[]> {
  const row = await getRow({ pk: `${tenant}#${customerId}`, sk: 'view#consents' }, { consistent: true });
  return (row?.inForce ?? []) as readonly Consent[];
}
