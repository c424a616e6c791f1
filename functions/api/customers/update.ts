import { type Customer, updateCustomer } from '../../../domain/customers/customer.ts';
import { checkUpdateCustomer } from '../../../domain/customers/customer-input.ts';
import { Refusal } from '../../../domain/errors.ts';
import { demand, demandVia } from '../../../domain/team/access.ts';
import { checkTeam } from '../../../domain/team/team.ts';
import type { ApiRequest } from '../../runtime/api.ts';
import { tenantConfig } from '../../runtime/tenant-config.ts';
import { customerToChange, replaceCustomer } from '../../table/customers.ts';
import { fingerprint } from '../../table/ids.ts';
import { rememberRequest, requestAnswered } from '../../table/requests.ts';

const mostAttempts = 5;

/** Changes one customer; a retry of the same request changes nothing more. */
export async function updateOne({ actor, cause }: ApiRequest, input: unknown): Promise<Customer> {
  const command = checkUpdateCustomer(input);
  demandVia(actor, command.via);
  const request = command.clientRequestId
    ? { key: `updateCustomer|${actor.id}|${command.clientRequestId}`, fingerprint: fingerprint(command) }
    : undefined;

  for (let attempt = 1; attempt <= mostAttempts; attempt++) {
    const stored = await customerToChange(command.id);
    const current = stored.customer;
    demand(actor, 'edit', current);
    // A retry after the change would see a newer version: what it asked for is there already.
    if (request && (await requestAnswered(request))) return current;
    // A team that the firm has no more stays where it is.
    if (command.team && command.team !== current.team) checkTeam(command.team, tenantConfig.teams);
    const { change, ...update } = updateCustomer(current, command, cause());
    if (!change) {
      if (request) await rememberRequest(request, current.id);
      return current;
    }
    demand(actor, 'edit', update.customer);
    const outcome = await replaceCustomer(stored, { ...update, change }, request);
    if (outcome === 'written') return update.customer;
  }
  throw new Refusal('CUSTOMER.BUSY', `${command.id} is being changed by others: try again in a second`, {
    retryAfterMs: 1000,
    customerId: command.id,
  });
}
