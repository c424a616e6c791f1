import type { RateRule } from '../../waf/web-acl.ts';
import type { Created, Properties, Resource, ResourceTypes } from '../deploy.ts';
import { stableId } from '../physical-name.ts';
import { aclRules } from './waf-rules.ts';

const idOf = ({ place, stack, logicalId }: Resource) =>
  stableId(32, place.accountId, stack, logicalId).toLowerCase();

/** Web ACLs and what they protect. `rulesFor` gives, once all is deployed, what is enforced for an API. */
export function wafTypes(): {
  types: ResourceTypes;
  /** @throws Error when a web ACL is associated with anything else */
  rulesFor: (apiArn: string) => readonly RateRule[];
} {
  const acls = new Map<string, readonly RateRule[]>();
  const associations = new Map<string, string>();

  function createAcl(properties: Properties, resource: Resource): Created {
    const { Scope, DefaultAction } = properties;
    if (Scope !== 'REGIONAL') throw new Error(`Scope is ${String(Scope)}: a web ACL of an API is REGIONAL`);
    if (Object.keys(DefaultAction ?? {}).join() !== 'Allow') {
      throw new Error(`DefaultAction is ${JSON.stringify(DefaultAction)}: here it is Allow`);
    }
    const rules = aclRules(properties.Rules);
    const name = String(properties.Name ?? resource.name());
    const id = idOf(resource);
    const arn = `arn:aws:wafv2:${resource.place.region}:${resource.place.accountId}:regional/webacl/${name}/${id}`;
    acls.set(
      arn,
      rules.filter((rule) => 'limit' in rule),
    );
    return {
      ref: `${name}|${id}|REGIONAL`,
      attributes: { Arn: arn, Id: id },
      inertParts: rules.flatMap((rule) =>
        'group' in rule ? [{ type: rule.group, reason: rule.reason }] : [],
      ),
    };
  }

  function associate(properties: Properties, resource: Resource): Created {
    const [resourceArn, aclArn] = [String(properties.ResourceArn), String(properties.WebACLArn)];
    if (!acls.has(aclArn)) throw new Error(`there is no web ACL ${aclArn}`);
    if (associations.has(resourceArn)) throw new Error(`${resourceArn} has a web ACL already`);
    associations.set(resourceArn, aclArn);
    return { ref: resource.name() };
  }

  return {
    types: {
      'AWS::WAFv2::WebACL': {
        treatment: 'run',
        properties: {
          Name: 'applied',
          Scope: 'applied',
          DefaultAction: 'applied',
          Rules: 'applied',
          Description: 'without effect',
          Tags: 'without effect',
          VisibilityConfig: 'without effect',
        },
        create: createAcl,
      },
      'AWS::WAFv2::WebACLAssociation': {
        treatment: 'run',
        properties: { ResourceArn: 'applied', WebACLArn: 'applied' },
        create: associate,
      },
    },
    rulesFor(apiArn) {
      const other = [...associations.keys()].find((arn) => arn !== apiArn);
      if (other !== undefined) {
        throw new Error(
          `A web ACL is associated with ${other}: here one protects the GraphQL API only, ${apiArn}.`,
        );
      }
      return acls.get(associations.get(apiArn) ?? '') ?? [];
    },
  };
}
