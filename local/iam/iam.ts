import { AwsError, type Caller, type Place } from '../aws.ts';
import type { GatewayRequest } from '../gateway/http.ts';
import type { Policies } from '../template/resources/policies.ts';
import { type Access, createAccess, type Decision, keysIn } from './access.ts';
import { jsonNeeds, providedKeys, restNeeds } from './actions/services.ts';
import { checkNames } from './catalog.ts';
import { denial } from './denial.ts';
import { evaluate } from './evaluate.ts';
import { globalKey } from './global-keys.ts';
import type { Facts, Need } from './need.ts';
import type { Principal } from './principal.ts';
import { compileRights, type Rights, statementsIn } from './rights.ts';

/** A call of an AWS API as it came in. */
export type Incoming =
  | {
      readonly service: string;
      readonly action: string;
      readonly input: Readonly<Record<string, unknown>>;
    }
  | { readonly service: string; readonly request: GatewayRequest }
  /** Of what comes another way than by an API. */
  | { readonly service: string; readonly needs: (facts: Facts) => readonly Need[] };

/** A session of a role that a service takes on. */
export interface Assumed {
  readonly roleArn: string;
  readonly session: string;
  /** The service that takes it on, `lambda.amazonaws.com`, and the resource for which it does. */
  readonly service: string;
  readonly sourceArn: string;
}

/** IAM: lets the policies of the templates decide who may do what. */
export interface Iam {
  /** Compiles and checks the policies; from then on they decide. @throws Error that names what is wrong with one */
  enforce(policies: Policies): Promise<void>;
  /** Lets a call in. The administrator may do everything. @throws {AwsError} the service's denial */
  authorize(caller: Caller, call: Incoming): void;
  /** @throws {AwsError} the service's denial */
  demand(principal: Principal, need: Need): void;
  permits(principal: Principal, need: Need): boolean;
  /** Whether a caller may do something; the administrator may do everything. */
  permitsCaller(caller: Caller, need: Need): boolean;
  /** @throws {AwsError} `AccessDeniedException` when the role does not let the service take it on */
  assume(assumed: Assumed): Principal;
}

export interface IamOptions {
  readonly place: Place;
  readonly facts: Omit<Facts, 'place'>;
  /** Hears of every decision, also those for the administrator. */
  readonly record?: ((decision: Decision) => void) | undefined;
}

/** Calls that anybody may make: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html */
const FREE_SERVICE = 'sts';

/** The session behind a caller; undefined for the administrator. */
function sessionOf({ arn }: Caller, rights: Rights): Principal | undefined {
  const [, account, name] = /^arn:aws:sts::(\d{12}):assumed-role\/([^/]+)\//.exec(arn) ?? [];
  if (name === undefined) return undefined;
  const role = [...rights.roles.keys()].find((one) => one.endsWith(`/${name}`));
  return {
    kind: 'session',
    sessionArn: arn,
    roleArn: role ?? `arn:aws:iam::${account}:role/${name}`,
  };
}

function needsOf(call: Incoming, facts: Facts): readonly Need[] {
  if ('needs' in call) return call.needs(facts);
  if ('request' in call) return restNeeds[call.service]?.needsOf(call.request, facts) ?? [unknownNeed(call)];
  const needs = jsonNeeds[call.service];
  return needs?.needsOf(call.action, call.input, facts) ?? [unknownNeed(call)];
}

/** What nobody is granted: a service without a table of its needs is the administrator's only. */
const unknownNeed = ({ service }: Incoming): Need => ({ action: `${service}:Unknown`, resource: '*' });

export function createIam({ place, facts: others, record }: IamOptions): Iam {
  const facts: Facts = { ...others, place };
  const sessions = new Map<string, Principal | undefined>();
  const assumptions = new Map<string, Principal>();
  let enforced: { readonly rights: Rights; readonly access: Access } | undefined;

  function decided() {
    if (!enforced) throw new Error('The policies of the templates are not there yet.');
    return enforced;
  }

  function callerSession(caller: Caller): Principal | undefined {
    if (!sessions.has(caller.arn)) sessions.set(caller.arn, sessionOf(caller, decided().rights));
    return sessions.get(caller.arn);
  }

  /** The administrator is heard of as a session of himself, which no role is. */
  function recordAdministrator({ arn }: Caller, needs: readonly Need[]): void {
    const principal = { kind: 'session', sessionArn: arn, roleArn: arn } as const;
    for (const need of needs) {
      const { action, resource } = need;
      record?.({ principal, action, resource, keys: keysIn(need), allowed: true });
    }
  }

  const permits = (principal: Principal, need: Need) =>
    decided().access.decide(principal, need) === 'allowed';

  function demand(principal: Principal, need: Need): void {
    const verdict = decided().access.decide(principal, need);
    if (verdict !== 'allowed') throw denial(principal, need, verdict);
  }

  function assume({ roleArn, session, service, sourceArn }: Assumed): Principal {
    const role = decided().rights.roles.get(roleArn);
    const principal: Principal = { kind: 'service', service, sourceArn };
    const surroundings = { principal, place, now: Date.now, tags: {} };
    const verdict = evaluate(
      { identity: [], resource: role?.trust ?? [] },
      {
        principal,
        action: 'sts:AssumeRole',
        resource: roleArn,
        context: (key) => globalKey(key, surroundings),
      },
    );
    if (verdict !== 'allowed') {
      const reason = role ? 'its AssumeRolePolicyDocument does not allow it' : 'no stack has it';
      const message = `The role ${roleArn} cannot be assumed by ${service} for ${sourceArn}: ${reason}.`;
      throw new AwsError('AccessDeniedException', message, 403);
    }
    const name = roleArn.slice(roleArn.lastIndexOf('/') + 1);
    const sessionArn = `arn:aws:sts::${place.accountId}:assumed-role/${name}/${session}`;
    return { kind: 'session', sessionArn, roleArn };
  }

  return {
    async enforce(policies) {
      const rights = compileRights(policies);
      await checkNames(statementsIn(rights), providedKeys);
      enforced = { rights, access: createAccess({ rights, place, record }) };
    },
    authorize(caller, call) {
      if (call.service === FREE_SERVICE) return;
      const principal = callerSession(caller);
      if (principal) for (const need of needsOf(call, facts)) demand(principal, need);
      else if (record) recordAdministrator(caller, needsOf(call, facts));
    },
    demand,
    permits,
    permitsCaller(caller, need) {
      const principal = callerSession(caller);
      if (!principal) recordAdministrator(caller, [need]);
      return !principal || permits(principal, need);
    },
    assume(assumed) {
      const id = Object.values(assumed).join(' ');
      const known = assumptions.get(id) ?? assume(assumed);
      assumptions.set(id, known);
      return known;
    },
  };
}
