import type { RateRule } from '../../waf/web-acl.ts';
import { kindOf, type Part, partOf, refuseUnknown } from './waf-parts.ts';
import { scopeOf } from './waf-scope.ts';

/** A rule of a web ACL as it is treated here: enforced, or known and inert with the reason. */
export type AclRule = RateRule | { readonly name: string; readonly group: string; readonly reason: string };

const RULE_MEMBERS = new Set([
  'Name',
  'Priority',
  'Statement',
  'Action',
  'OverrideAction',
  'VisibilityConfig',
  'RuleLabels',
]);

/** Managed groups that are known and do nothing here. */
const INERT_GROUPS: Readonly<Record<string, string>> = {
  AWSManagedRulesAmazonIpReputationList: 'the addresses it blocks are those of the internet',
};

function actionOf(action: unknown, what: string): RateRule['action'] {
  const [kind, content] = kindOf(action, `the Action of ${what}`);
  if (kind !== 'Block' && kind !== 'Count') {
    throw new Error(`the Action of ${what} is ${kind}: here it is Block or Count`);
  }
  refuseUnknown(content, new Set(), `the ${kind} of ${what}`);
  return kind === 'Block' ? 'BLOCK' : 'COUNT';
}

const RATE_MEMBERS = new Set(['Limit', 'EvaluationWindowSec', 'AggregateKeyType', 'ScopeDownStatement']);
const WINDOWS = [60, 120, 300, 600];

/** https://docs.aws.amazon.com/waf/latest/APIReference/API_RateBasedStatement.html */
function rateRule(name: string, statement: Part, action: unknown): RateRule {
  const what = `rule ${name}`;
  refuseUnknown(statement, RATE_MEMBERS, `the RateBasedStatement of ${what}`);
  const { AggregateKeyType, Limit, EvaluationWindowSec = 300, ScopeDownStatement } = statement;
  if (AggregateKeyType !== 'IP') {
    throw new Error(`AggregateKeyType of ${what} is ${String(AggregateKeyType)}: here it is IP`);
  }
  const [limit, windowSeconds] = [Number(Limit), Number(EvaluationWindowSec)];
  if (!Number.isInteger(limit) || limit < 10 || limit > 2_000_000_000) {
    throw new Error(`Limit of ${what} is ${String(Limit)}: give a whole number from 10 to 2,000,000,000`);
  }
  if (!WINDOWS.includes(windowSeconds)) {
    throw new Error(
      `EvaluationWindowSec of ${what} is ${String(EvaluationWindowSec)}: give ${WINDOWS.join(', ')}`,
    );
  }
  const rule = { name, limit, windowSeconds, action: actionOf(action, what) };
  return ScopeDownStatement === undefined ? rule : { ...rule, scope: scopeOf(ScopeDownStatement, what) };
}

function managedGroup(name: string, statement: Part): AclRule {
  const group = String(statement.Name);
  const reason = Object.hasOwn(INERT_GROUPS, group) ? INERT_GROUPS[group] : undefined;
  if (statement.VendorName !== 'AWS' || reason === undefined) {
    throw new Error(
      `rule ${name} uses the managed group ${String(statement.VendorName)} ${group}, which the local cloud does not know`,
    );
  }
  return { name, group, reason };
}

function ruleOf(rule: Part): AclRule {
  const name = String(rule.Name);
  refuseUnknown(rule, RULE_MEMBERS, `rule ${name}`);
  const [kind, statement] = kindOf(rule.Statement, `the Statement of rule ${name}`);
  if (kind === 'RateBasedStatement') return rateRule(name, statement, rule.Action);
  if (kind === 'ManagedRuleGroupStatement') return managedGroup(name, statement);
  throw new Error(`rule ${name} has a ${kind}: here rules are rate-based, or a managed group that is known`);
}

/** The rules of a web ACL, in the order of their priority. @throws Error that names the rule and what it cannot have here */
export function aclRules(rules: unknown): AclRule[] {
  const given = (Array.isArray(rules) ? rules : []).map(partOf);
  const priorities = given.map(({ Priority }) => Number(Priority));
  const twice = priorities.find((priority, index) => priorities.indexOf(priority) !== index);
  if (twice !== undefined) throw new Error(`two rules have the priority ${twice}`);
  return given.toSorted((a, b) => Number(a.Priority) - Number(b.Priority)).map(ruleOf);
}
