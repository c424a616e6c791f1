import { Refusal } from '../errors.ts';
import type { Via } from '../via.ts';
import type { Actor, Role } from './actor.ts';

/** What is done with a customer or with what belongs to one. */
export type Action = 'read' | 'edit' | 'log' | 'order' | 'consent';

/** How far a role's right reaches: the customers one owns or one's teams look after, or all. */
export type Reach = 'team' | 'all';

/** The rights of each role. What is not listed is denied. */
export const rights: Readonly<Record<Role, Readonly<Partial<Record<Action, Reach>>>>> = {
  admin: { read: 'all', edit: 'all', log: 'all', order: 'all', consent: 'all' },
  integration: { read: 'all', edit: 'all', log: 'all', order: 'all', consent: 'all' },
  sales: { read: 'team', edit: 'team', log: 'team', order: 'team', consent: 'team' },
  service: { read: 'all', edit: 'all', log: 'all', consent: 'all' },
  marketing: { read: 'all', log: 'all', consent: 'all' },
  analyst: { read: 'all' },
};

/** What belongs to the firm and to no customer, and is changed by whom the role allows. */
export type FirmMatter = 'users' | 'agreements' | 'products';

/** Which roles change what belongs to the firm. Who is not listed may not. */
export const firmRights: Readonly<Record<FirmMatter, readonly Role[]>> = {
  users: ['admin'],
  agreements: ['admin'],
  products: ['admin', 'integration'],
};

/** Which roles may say that a fact is imported, which keeps rules from sending anything. */
const importers: readonly Role[] = ['admin', 'integration'];

/** By whom a customer is looked after; what rights are decided on. */
export interface Owned {
  readonly ownerId?: string | undefined;
  readonly team?: string | undefined;
}

/** Whether one of the actor's roles allows the action on this customer. */
export function may(actor: Actor, action: Action, customer: Owned): boolean {
  return actor.roles.some((role) => {
    const reach = rights[role][action];
    return reach === 'all' || (reach === 'team' && isOurs(actor, customer));
  });
}

/** How far the actor's right to an action reaches; undefined when there is none. */
export function reachOf(actor: Actor, action: Action): Reach | undefined {
  const reaches = actor.roles.map((role) => rights[role][action]);
  return reaches.includes('all') ? 'all' : reaches.includes('team') ? 'team' : undefined;
}

/**
 * @throws Refusal `ACCESS.DENIED` unless the actor may do this with this customer.
 */
export function demand(actor: Actor, action: Action, customer: Owned & { readonly id: string }): void {
  if (may(actor, action, customer)) return;
  throw new Refusal(
    'ACCESS.DENIED',
    `${actor.username} may not ${verbs[action]} ${customer.id}: ask an admin`,
    {
      customerId: customer.id,
    },
  );
}

/**
 * @throws Refusal `ACCESS.DENIED` unless the actor may change what belongs to the firm.
 */
export function demandTenant(actor: Actor, matter: FirmMatter): void {
  if (hasOneOf(actor, firmRights[matter])) return;
  throw new Refusal('ACCESS.DENIED', `${actor.username} may not ${firmVerbs[matter]}: ask an admin`);
}

/** Whether the actor may say that a fact is imported. */
export function mayImport(actor: Actor): boolean {
  return hasOneOf(actor, importers);
}

/**
 * @throws Refusal `ACCESS.DENIED` when the actor says of a fact that it is imported and may not.
 */
export function demandVia(actor: Actor, via: Via | null | undefined): void {
  if (via !== 'IMPORT' || mayImport(actor)) return;
  throw new Refusal(
    'ACCESS.DENIED',
    `${actor.username} may not say "via: IMPORT": leave it out, or sign in as one of ${importers.join(', ')}`,
    { field: 'via', value: via },
  );
}

const verbs: Record<Action, string> = {
  read: 'read',
  edit: 'change',
  log: 'log interactions with',
  order: 'record orders of',
  consent: 'record consents of',
};

const firmVerbs: Record<FirmMatter, string> = {
  users: 'manage users',
  agreements: 'manage sharing agreements',
  products: 'record products',
};

function hasOneOf(actor: Actor, roles: readonly Role[]): boolean {
  return actor.roles.some((role) => roles.includes(role));
}

function isOurs(actor: Actor, customer: Owned): boolean {
  return (
    customer.ownerId === actor.id || (customer.team !== undefined && actor.teams.includes(customer.team))
  );
}
