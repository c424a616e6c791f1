import { createHash } from 'node:crypto';
import { Entity } from 'electrodb';
import { crmTable, tenant } from './client.ts';
import { ifNew } from './conditions.ts';
import { putterFor } from './put.ts';
import { getRow } from './read.ts';
import { write } from './write.ts';

/** An address that is not written to any more. It holds the address' fingerprint, no plain address. */
const suppressions = new Entity(
  {
    model: { entity: 'suppression', version: '1', service: 'crm' },
    attributes: {
      tenant: { type: 'string', required: true },
      addressKey: { type: 'string', required: true },
      messageId: { type: 'string', required: true },
      since: { type: 'string', required: true },
    },
    indexes: {
      address: {
        pk: {
          field: 'pk',
          composite: ['tenant', 'addressKey'],
          template: '${tenant}#suppressed#${addressKey}',
          casing: 'none',
        },
        sk: { field: 'sk', composite: [], template: 'address', casing: 'none' },
      },
    },
  } as const,
  crmTable,
);

const putSuppression = putterFor(suppressions);

/** The fingerprint of an address on a channel; case does not matter. */
export function addressKeyOf(channel: string, address: string): string {
  return createHash('sha256').update(`${channel}|${address.toLowerCase()}`).digest('hex');
}

/** Never again writes to an address, since the message to it that is named bounced or was complained of. */
export async function suppressAddress(addressKey: string, messageId: string, since: string): Promise<void> {
  const item = { tenant, addressKey, messageId, since };
  await write([{ Put: putSuppression(item, ifNew) }]);
}

/** Whether an address is not written to any more, as last written. */
export async function isSuppressed(addressKey: string): Promise<boolean> {
  const key = { pk: `${tenant}#suppressed#${addressKey}`, sk: 'address' };
  return (await getRow(key, { consistent: true })) !== undefined;
}
