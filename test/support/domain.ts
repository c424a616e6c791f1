import { readFileSync } from 'node:fs';
import type { Cause } from '../../domain/change.ts';
import type { Customer } from '../../domain/customers/customer.ts';
import { isRefusal, type Refusal } from '../../domain/errors.ts';
import type { ScoringPolicy } from '../../domain/insights/standing.ts';
import type { Actor, Role } from '../../domain/team/actor.ts';

/** The present of tests of the domain. */
export const now = '2026-11-22T12:00:00.000Z';

/** What the shell would say about a change. */
export const cause: Cause = {
  id: 'chg_1',
  at: now,
  actor: 'usr_ada',
  reason: 'Mutation.test',
  correlationId: 'req_1',
};

/** The tenant file of the demo firm, as functions get it. */
export const demoTenant = JSON.parse(readFileSync('infra/tenants/demo.json', 'utf8')) as ScoringPolicy;

/** What contacts are worth to the demo firm. */
export const policy = demoTenant.engagement;

/** A user with these roles, who works in these teams. */
export function user(id: string, roles: readonly Role[], teams: readonly string[] = []): Actor {
  return { id: `usr_${id}`, username: id, roles, teams };
}

/** A customer with nothing but what every customer has. */
export function customer(fields: Partial<Customer> = {}): Customer {
  return {
    id: 'cus_1',
    kind: 'PERSON',
    name: 'Ada Byron',
    identities: [],
    ownerId: 'usr_ada',
    via: 'API',
    createdAt: '2026-01-01T00:00:00.000Z',
    updatedAt: '2026-01-01T00:00:00.000Z',
    version: 1,
    ...fields,
  };
}

/** The refusal that `act` is answered with; fails when it is answered with something else. */
export function refusalOf(act: () => unknown): Pick<Refusal, 'code' | 'message' | 'info'> {
  try {
    act();
  } catch (error) {
    if (isRefusal(error)) return { code: error.code, message: error.message, info: error.info };
    throw error;
  }
  throw new Error('It was not refused');
}
