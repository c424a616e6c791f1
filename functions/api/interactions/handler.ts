import type { Customer } from '../../../domain/customers/customer.ts';
import {
  checkLogInteraction,
  checkThreadId,
  type Interaction,
  logInteraction,
} from '../../../domain/interactions/interaction.ts';
import { demand, demandVia, may } from '../../../domain/team/access.ts';
import type {
  CustomerMessagesArgs,
  CustomerTimelineArgs,
  MutationLogInteractionArgs,
  MutationLogInteractionsArgs,
  QueryThreadArgs,
} from '../../../graphql/generated/types.ts';
import { type ApiRequest, apiHandler } from '../../runtime/api.ts';
import { eachRow } from '../../runtime/batch.ts';
import type { Connection } from '../../runtime/page.ts';
import { type CustomerLookup, customerLookup, getCustomer } from '../../table/customers.ts';
import { fingerprintOfCreation, interactionIdFor } from '../../table/ids.ts';
import {
  addInteraction,
  pageWithBodies,
  type StoredInteraction,
  threadOf,
  timelineOf,
} from '../../table/interactions.ts';
import { messagesOf } from '../../table/messages.ts';
import { timelineFields } from '../fields.ts';

export const handler = apiHandler({
  'Customer.timeline': timeline,
  'Query.thread': thread,
  'Customer.messages': messages,
  'Mutation.logInteraction': (request: ApiRequest<MutationLogInteractionArgs>) =>
    logOne(request, request.args.input, customerLookup([request.args.input.customerId])),
  'Mutation.logInteractions': logMany,
});

async function timeline(request: ApiRequest<CustomerTimelineArgs, Customer>) {
  const { args, source: customer, actor } = request;
  return may(actor, 'read', customer) ? asSelected(request, await timelineOf(customer.id, args)) : null;
}

async function thread(request: ApiRequest<QueryThreadArgs>) {
  const { args, actor } = request;
  const threadId = checkThreadId(args.threadId);
  const customer = await getCustomer(args.customerId);
  if (!customer || !may(actor, 'read', customer)) return null;
  return asSelected(request, await threadOf(customer.id, threadId, args));
}

/** The page with bodies where they may be selected. */
async function asSelected({ selects }: ApiRequest, stored: Connection<StoredInteraction>) {
  const inNodes = selects('nodes/body', timelineFields);
  const inEdges = selects('edges/node/body', timelineFields);
  if (!inNodes && !inEdges) return stored;
  const page = await pageWithBodies(stored);
  const bare = page.nodes.map(({ body: _body, ...interaction }) => interaction);
  return {
    pageInfo: page.pageInfo,
    nodes: inNodes ? page.nodes : bare,
    get edges() {
      return inEdges ? page.edges : page.edges.map((edge, index) => ({ ...edge, node: bare[index] }));
    },
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
  demandVia(actor, command.via);
  demand(actor, 'log', await lookup(customerId));
  const id = interactionIdFor(customerId, occurredAt, { caller: actor.id, clientRequestId });
  const { interaction, change } = logInteraction(id, command, cause());
  return addInteraction(interaction, change, fingerprintOfCreation(command));
}
