import type { Decision } from '../../../local/iam/access.ts';
import { nameOf } from '../../../local/iam/principal.ts';
import type { Policies } from '../../../local/template/resources/policies.ts';

/** Of decisions about the rights of templates, one of each kind; the administrator needs no grant. */
export function distinct(decisions: readonly Decision[], { roles }: Pick<Policies, 'roles'>): Decision[] {
  const kinds = new Map<string, Decision>();
  for (const decision of decisions) {
    const { principal, action, resource, keys, allowed } = decision;
    if (principal.kind === 'session' && !roles.has(principal.roleArn)) continue;
    kinds.set(JSON.stringify([principal, action, resource, keys, allowed]), decision);
  }
  return [...kinds.values()];
}

const STREAM = /^(.+:table\/[^/]+\/stream\/)[^/]+$/;

/**
 * Gives decisions of other stacks as those of the one whose streams are among the resources: the ARN of a stream ends with
 * the moment when it began.
 */
export function aboutStreamsIn(resources: readonly string[]): (decision: Decision) => Decision {
  const streams = new Map(resources.map((resource) => [STREAM.exec(resource)?.[1], resource] as const));
  return (decision) => {
    const ofTable = STREAM.exec(decision.resource)?.[1];
    const resource = ofTable === undefined ? undefined : streams.get(ofTable);
    return resource === undefined ? decision : { ...decision, resource };
  };
}

/** A decision in one line. */
export const decided = ({ principal, action, resource }: Decision) =>
  `${nameOf(principal)}: ${action} on ${resource}`;
