import type {
  Customer360,
  Interaction,
  InteractionConnection,
  InteractionEdge,
} from '../../graphql/generated/types.ts';
import type { FieldsOf } from '../runtime/selection.ts';

const interaction = {
  id: true,
  customerId: true,
  channel: true,
  direction: true,
  subject: true,
  body: true,
  threadId: true,
  agentId: true,
  storeId: true,
  via: true,
  occurredAt: true,
  loggedAt: true,
  loggedBy: true,
  version: true,
} as const satisfies FieldsOf<Interaction>;

const edge = { node: interaction, cursor: true } as const satisfies FieldsOf<InteractionEdge>;

/** The fields of a page of a timeline. */
export const timelineFields = {
  nodes: interaction,
  edges: edge,
  pageInfo: true,
} as const satisfies FieldsOf<InteractionConnection>;

/** The fields of what a screen about one customer shows. */
export const customer360Fields = {
  customer: true,
  score: true,
  timeline: interaction,
  orders: true,
  openOrders: true,
  consents: true,
} as const satisfies FieldsOf<Customer360>;
