import { type Customer, createCustomer } from '../../../domain/customers/customer.ts';
import { checkCreateCustomer } from '../../../domain/customers/customer-input.ts';
import { demand, demandVia } from '../../../domain/team/access.ts';
import { checkTeam } from '../../../domain/team/team.ts';
import type { ApiRequest } from '../../runtime/api.ts';
import { tenantConfig } from '../../runtime/tenant-config.ts';
import { addCustomer } from '../../table/customers.ts';
import { customerIdFor, fingerprintOfCreation } from '../../table/ids.ts';

/** Adds one customer; a retry of the same request gives the customer that it made. */
export async function createOne({ actor, cause }: ApiRequest, input: unknown): Promise<Customer> {
  const command = checkCreateCustomer(input);
  demandVia(actor, command.via);
  if (command.team) checkTeam(command.team, tenantConfig.teams);
  const id = customerIdFor({ caller: actor.id, clientRequestId: command.clientRequestId });
  const { customer, change } = createCustomer(
    id,
    command,
    { ownerId: actor.id, team: actor.teams[0] },
    cause(),
  );
  demand(actor, 'edit', customer);
  const present = await addCustomer(customer, change, fingerprintOfCreation(command));
  // A retry finds the customer as it is by now, perhaps in other hands.
  demand(actor, 'read', present);
  return present;
}
