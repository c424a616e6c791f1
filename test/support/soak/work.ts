import { ApiError, isPassing } from '../../../tools/client/api.ts';
import type { AskAs } from '../client.ts';

/** A contact or an order that a client enters until it is acknowledged. */
export interface Contact {
  readonly clientRequestId: string;
  readonly customerId: string;
  readonly channel: 'PHONE';
  readonly direction: 'INBOUND' | 'OUTBOUND';
  readonly occurredAt: string;
}

export interface Sale {
  readonly customerId: string;
  readonly externalId: string;
  readonly placedAt: string;
  readonly pounds: number;
}

/** What a client sends in one request. */
export type Task =
  | { readonly kind: 'one'; readonly contact: Contact }
  | { readonly kind: 'batch'; readonly contacts: readonly Contact[] }
  | { readonly kind: 'sale'; readonly sale: Sale };

/** What the stack has acknowledged. */
export interface Acknowledged {
  /** By the id that the stack gave. */
  readonly contacts: Map<string, Contact>;
  readonly sales: Map<string, Sale>;
  /** How often something had to be sent again. */
  repeated: number;
}

/** Points of the demo firm for a call and a sale, as `infra/tenants/demo.json` has them. */
export const points = { INBOUND: 8, OUTBOUND: 3, sale: 15 } as const;

const batchSize = 20;

/**
 * The day's work: of every 25 contacts five are logged alone and 20 in a batch, one in five comes from the customer, and
 * there is a sale with them.
 */
export function tasksFor(customers: readonly string[], count: number): Task[] {
  const customerOf = (index: number) => customers[index % customers.length] ?? '';
  const contacts = Array.from({ length: count }, (_, index): Contact => {
    return {
      clientRequestId: `soak-${index}`,
      customerId: customerOf(index * 7),
      channel: 'PHONE',
      direction: index % 5 === 0 ? 'INBOUND' : 'OUTBOUND',
      occurredAt: new Date(Date.now() - index).toISOString(),
    };
  });
  const tasks: Task[] = [];
  for (let from = 0; from < count; from += batchSize + 5) {
    for (const contact of contacts.slice(from, from + 5)) tasks.push({ kind: 'one', contact });
    const batch = contacts.slice(from + 5, from + 5 + batchSize);
    if (batch.length > 0) tasks.push({ kind: 'batch', contacts: batch });
    const sale = { customerId: customerOf(from), externalId: `soak-${from}`, pounds: 1 + (from % 9) };
    tasks.push({ kind: 'sale', sale: { ...sale, placedAt: new Date().toISOString() } });
  }
  return tasks;
}

const logOne = 'mutation($input: LogInteractionInput!) { logInteraction(input: $input) { id } }';
const logMany = `mutation($input: LogInteractionsInput!) {
  logInteractions(input: $input) { results { index interaction { id } error { code } } } }`;
const place = 'mutation($input: PlaceOrderInput!) { placeOrder(input: $input) { id } }';

interface Results {
  readonly logInteractions: {
    readonly results: readonly { index: number; interaction: { id: string } | null }[];
  };
}

/** Sends a task once, and gives what of it is to be sent again. Throws when nobody can say what became of it. */
async function send(as: Colleagues, task: Task, done: Acknowledged): Promise<Task | undefined> {
  if (task.kind === 'one') {
    const { logInteraction } = await as.service<{ logInteraction: { id: string } }>(logOne, {
      input: task.contact,
    });
    done.contacts.set(logInteraction.id, task.contact);
    return undefined;
  }
  if (task.kind === 'sale') {
    const { customerId, externalId, placedAt, pounds } = task.sale;
    const lines = [{ code: 'A', quantity: '1', unitPrice: String(pounds) }];
    const input = { customerId, source: 'soak', externalId, kind: 'SALE', placedAt, currency: 'GBP', lines };
    await as.sales(place, { input });
    done.sales.set(externalId, task.sale);
    return undefined;
  }
  const { logInteractions } = await as.service<Results>(logMany, { input: { interactions: task.contacts } });
  const failed = new Set(task.contacts);
  for (const { index, interaction } of logInteractions.results) {
    const contact = task.contacts[index];
    if (!interaction || !contact) continue;
    done.contacts.set(interaction.id, contact);
    failed.delete(contact);
  }
  return failed.size === 0 ? undefined : { kind: 'batch', contacts: [...failed] };
}

/** Who logs contacts, and who sells. */
export interface Colleagues {
  readonly service: AskAs;
  readonly sales: AskAs;
}

/** Whether nobody can say what became of a request, or it was refused for now. */
function maySucceed(error: unknown): boolean {
  return error instanceof ApiError && (isPassing(error.code) || /^(NETWORK|HTTP\.5..)$/.test(error.code));
}

/** A client that takes tasks from the end of the list and sends each until all of it is acknowledged. */
export async function client(
  tasks: Task[],
  colleagues: () => Promise<Colleagues>,
  done: Acknowledged,
): Promise<void> {
  for (let task = tasks.pop(); task; task = tasks.pop()) {
    for (let left: Task | undefined = task; left; ) {
      const sent: Task = left;
      left = await send(await colleagues(), sent, done).catch((error) => {
        if (!maySucceed(error)) throw error;
        return sent;
      });
      if (!left) continue;
      done.repeated++;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
