import { Refusal } from '../errors.ts';
import type { Actor, Role } from './actor.ts';

/** What is done with a customer or with what belongs to one. */
export type Action = 'read' | 'edit' | 'log' | 'order';

/** How far a role's right reaches: the customers one owns or one's teams look after, or all. */
export type Reach = 'team' | 'all';

/** The rights of each role. What is not listed is denied. */
export const rights: Readonly<Record<Role, Readonly<Partial<Record<Action, Reach>>>>> = {
  admin: { read: 'all', edit: 'all', log: 'all', order: 'all' },
  integration: { read: 'all', edit: 'all', log: 'all', order: 'all' },
  sales: { read: 'team', edit: 'team', log: 'team', order: 'team' },
  service: { read: 'all', edit: 'all', log: 'all' },
  marketing: { read: 'all', log: 'all' },
  analyst: { read: 'all' },
};

/** What belongs to the firm and to no customer, and is changed by whom the role allows. */
export type FirmMatter = 'agreements';

/** Which roles change what belongs to the firm. Who is not listed may not. */
export const firmRights: Readonly<Record<FirmMatter, readonly Role[]>> = {
  agreements: ['admin'],
};

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
  if (actor.roles.some((role) => firmRights[matter].includes(role))) return;
  throw new Refusal('ACCESS.DENIED', `${actor.username} may not ${firmVerbs[matter]}: ask an admin`);
}

const firmVerbs: Record<FirmMatter, string> = {
  agreements: 'make or change sharing agreements',
};

const verbs: Record<Action, string> = {
  read: 'read',
  edit: 'change',
  log: 'log interactions with',
  order: 'record orders of',
};

function isOurs(actor: Actor, customer: Owned): boolean {
  return (
    customer.ownerId === actor.id || (customer.team !== undefined && actor.teams.includes(customer.team))
  );
}
