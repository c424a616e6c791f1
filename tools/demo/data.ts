import type { CreateSharingAgreementInput } from '../../graphql/generated/types.ts';
import { type Owner, type Person, people } from './people.ts';
import { createClock, createRandom } from './random.ts';
import { products, type Story, storyOf } from './story.ts';

/** What the demo firm is like. */
export interface DemoOptions {
  /** The day on which the story ends, such as `2026-01-31`. */
  readonly day: string;
  /** Who looks after customers: first who has most of them. */
  readonly owners: readonly Owner[];
  readonly partnerId: string | undefined;
  /** @default 40 */
  readonly customers?: number;
}

export interface DemoData {
  readonly products: ReturnType<typeof products>;
  readonly customers: readonly (Person & { readonly story: Story })[];
  readonly agreement: CreateSharingAgreementInput | undefined;
}

const seed = 20_260_101;

/** A small firm's customers and their last 18 months: the same for the same day. */
export function demoData({ day, owners, partnerId, customers = 40 }: DemoOptions): DemoData {
  const random = createRandom(seed);
  const clock = createClock(day);
  const catalogue = products(24, random);
  const setting = { products: catalogue, random, clock, partnerId };
  return {
    products: catalogue,
    customers: people(customers, owners, random).map((person, n) => ({
      ...person,
      story: storyOf(person, n, setting),
    })),
    agreement: partnerId ? agreementWith(partnerId, clock.at(0, 0, 0), clock.at(-365, 0, 0)) : undefined,
  };
}

const agreementWith = (
  partnerId: string,
  validFrom: string,
  validUntil: string,
): CreateSharingAgreementInput => ({
  clientRequestId: 'demo/agreement',
  partnerId,
  purpose: 'delivery of ordered goods',
  events: ['crm.customer.created.v1', 'crm.customer.updated.v1', 'crm.order.placed.v1'],
  fields: [
    'customer.name',
    'customer.phones',
    'customer.address.lines',
    'customer.address.city',
    'customer.address.postalCode',
    'customer.address.country',
    'order.externalId',
    'order.placedAt',
    'order.lineCount',
  ],
  validFrom,
  validUntil,
});
