import type { Customer } from '../../../domain/customers/customer.ts';
import {
  checkLogInteraction,
  type Interaction,
  logInteraction,
} from '../../../domain/interactions/interaction.ts';
import { demand, may } from '../../../domain/team/access.ts';
import type {
  CustomerMessagesArgs,
  CustomerTimelineArgs,
  MutationLogInteractionArgs,
  MutationLogInteractionsArgs,
} from '../../../graphql/generated/types.ts';
import { type ApiRequest, apiHandler } from '../../runtime/api.ts';
import { eachRow } from '../../runtime/batch.ts';
import { type CustomerLookup, customerLookup } from '../../table/customers.ts';
import { fingerprintOfCreation, interactionIdFor } from '../../table/ids.ts';
import { addInteraction, timelineOf, timelineWithBodies } from '../../table/interactions.ts';
import { messagesOf } from '../../table/messages.ts';
import { timelineFields } from '../fields.ts';

export const handler = apiHandler({
  'Customer.timeline': timeline,
  'Customer.messages': messages,
  'Mutation.logInteraction': (request: ApiRequest<MutationLogInteractionArgs>) =>
    logOne(request, request.args.input, customerLookup([request.args.input.customerId])),
  'Mutation.logInteractions': logMany,
});

async function timeline({
  args,
  source: customer,
  actor,
  selects,
}: ApiRequest<CustomerTimelineArgs, Customer>) {
  if (!may(actor, 'read', customer)) return null;
  const inNodes = selects('nodes/body', timelineFields);
  const inEdges = selects('edges/node/body', timelineFields);
  if (!inNodes && !inEdges) return timelineOf(customer.id, args);
  const page = await timelineWithBodies(customer.id, args);
  const bare = page.nodes.map(({ body: _body, ...interaction }) => interaction);
  return {
    ...page,
    nodes: inNodes ? page.nodes : bare,
    edges: inEdges ? page.edges : page.edges.map((edge, index) => ({ ...edge, node: bare[index] })),
  };
}

async function messages({ args, source: customer, actor }: ApiRequest<CustomerMessagesArgs, Customer>) {
  return may(actor, 'read', customer) ? messagesOf(customer.id, args) : null;
}

function logMany(request: ApiRequest<MutationLogInteractionsArgs>) {
  const rows = request.args.input.interactions;
  const lookup = customerLookup(rows.map((row) => row.customerId));
  return eachRow(rows, async (row) => ({ interaction: await logOne(request, row, lookup) }));
}

async function logOne(
  { actor, now, cause }: ApiRequest,
  input: unknown,
  lookup: CustomerLookup,
): Promise<Interaction> {
  const command = checkLogInteraction(input, now);
  const { customerId, occurredAt, clientRequestId } = command;
  demand(actor, 'log', await lookup(customerId));
  const id = interactionIdFor(customerId, occurredAt, { caller: actor.id, clientRequestId });
  const { interaction, change } = logInteraction(id, command, cause());
  return addInteraction(interaction, change, fingerprintOfCreation(command));
}
