import { type Condition, compileCondition } from './conditions.ts';
import { type Context, compilePattern, type Pattern } from './pattern.ts';
import { compilePrincipal, type Principal, type PrincipalMatch } from './principal.ts';

/** On whose side a policy stands: an identity's, a resource's, or a role's that says who may assume it. */
export type PolicyKind = 'identity' | 'resource' | 'trust';

/** A compiled statement of a policy. */
export interface Statement {
  /** The policy and the statement, for errors. */
  readonly where: string;
  readonly effect: 'Allow' | 'Deny';
  /** The actions as they are written. */
  readonly actions: readonly string[];
  /** The condition keys that it looks at, in variables too, in lower case. */
  readonly keys: readonly string[];
  /** Of a resource's policy: how it is about a principal. */
  concerns(principal: Principal): PrincipalMatch;
  /** Whether it may be about an action on a resource; what depends on keys is asked of `holds`. */
  covers(action: string, resource: string): boolean;
  /** Whether its variables and conditions fit a request that it covers. */
  holds(resource: string, context: Context): boolean;
}

const DOCUMENT = ['Version', 'Id', 'Statement'];
const STATEMENT = [
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
];

type Element = Readonly<Record<string, unknown>>;

function objectOf(value: unknown, name: string, known: readonly string[]): Element {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new Error(`${name} is ${JSON.stringify(value)}: give an object`);
  }
  const unknown = Object.keys(value).find((key) => !known.includes(key));
  if (unknown !== undefined) throw new Error(`${name} has ${unknown}: use ${known.join(', ')}`);
  return value as Element;
}

/** One of two elements that exclude each other, as texts; `negated` when it is the second. */
function oneOf(statement: Element, name: string): { readonly texts: readonly string[]; negated: boolean } {
  const negated = statement[name] === undefined;
  const given = negated ? statement[`Not${name}`] : statement[name];
  if (!negated && statement[`Not${name}`] !== undefined) {
    throw new Error(`it has both ${name} and Not${name}: leave one of them out`);
  }
  const texts = [given].flat();
  const wrong = texts.find((text) => typeof text !== 'string');
  if (given === undefined || texts.length === 0 || wrong !== undefined) {
    throw new Error(`${name} is ${JSON.stringify(given)}: give a text or a list of texts`);
  }
  return { texts: texts as string[], negated };
}

function actionPattern(action: string): Pattern {
  if (action !== '*' && !/^[\w-]+:[\w*?]+$/.test(action)) {
    throw new Error(`the action ${action} is malformed: write service:Action`);
  }
  return compilePattern(action, { variables: false, wildcards: true, ignoreCase: true });
}

/**
 * A star at the end of a segment reaches beyond its colon, so an ARN is compared as a whole
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html).
 */
function resourcePattern(resource: string, variables: boolean): Pattern {
  if (resource !== '*' && !/^arn:[^:]*:[^:]*:.*$/.test(resource)) {
    throw new Error(`the resource ${resource} is no ARN: write arn:aws:service:region:account:resource or *`);
  }
  return compilePattern(resource, { variables, wildcards: true });
}

const noContext: Context = () => undefined;

/** What `Resource` or `NotResource` says: what is fixed, and what depends on a request's keys. */
function compileResources(statement: Element, variables: boolean) {
  const { texts, negated } = oneOf(statement, 'Resource');
  const patterns = texts.map((text) => resourcePattern(text, variables));
  const keys = patterns.flatMap((pattern) => pattern.keys);
  const matches = (resource: string, context: Context) =>
    patterns.some((pattern) => pattern.matches(resource, context)) !== negated;
  return { keys, matches };
}

/** A policy of who may assume a role is the role's own. */
function ownResource({ Resource, NotResource }: Element) {
  if (Resource !== undefined || NotResource !== undefined) {
    throw new Error('a policy of who may assume a role has no Resource: leave it out');
  }
  return { keys: [] as readonly string[], matches: () => true };
}

function compileConcern(statement: Element, kind: PolicyKind): Statement['concerns'] {
  const { Principal: only, NotPrincipal: others } = statement;
  if (kind === 'identity') {
    if (only !== undefined || others !== undefined) {
      throw new Error('a policy of an identity has no Principal: leave it out');
    }
    return () => 'principal';
  }
  if ((only === undefined) === (others === undefined)) {
    throw new Error('a policy of a resource needs a Principal, or else a NotPrincipal: say for whom it is');
  }
  if (only !== undefined) return compilePrincipal(only);
  const excepted = compilePrincipal(others);
  return (principal) => (excepted(principal) ? undefined : 'principal');
}

function compileStatement(given: unknown, kind: PolicyKind, variables: boolean, where: string): Statement {
  const statement = objectOf(given, 'it', STATEMENT);
  const { Effect } = statement;
  if (Effect !== 'Allow' && Effect !== 'Deny') {
    throw new Error(`Effect is ${JSON.stringify(Effect)}: give Allow or Deny`);
  }
  const actions = oneOf(statement, 'Action');
  const patterns = actions.texts.map(actionPattern);
  const { keys, matches } =
    kind === 'trust' ? ownResource(statement) : compileResources(statement, variables);
  const condition: Condition = compileCondition(statement.Condition, variables);
  const isFixed = keys.length === 0;
  return {
    where,
    effect: Effect,
    actions: actions.texts,
    keys: [...new Set([...keys, ...condition.keys])],
    concerns: compileConcern(statement, kind),
    covers: (action, resource) =>
      patterns.some((pattern) => pattern.matches(action, noContext)) !== actions.negated &&
      (!isFixed || matches(resource, noContext)),
    holds: (resource, context) => (isFixed || matches(resource, context)) && condition.holds(context),
  };
}

/**
 * Compiles a policy document
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html).
 *
 * @param where names the policy in errors.
 * @throws Error that names the policy, the statement and what is wrong with it
 */
export function compilePolicy(document: unknown, kind: PolicyKind, where: string): Statement[] {
  const at = <T>(place: string, compile: () => T): T => {
    try {
      return compile();
    } catch (error) {
      throw new Error(`${where}${place}: ${(error as Error).message}`, { cause: error });
    }
  };
  const { Version = '2008-10-17', Statement: given } = at('', () =>
    objectOf(document, 'the policy', DOCUMENT),
  );
  if (Version !== '2012-10-17' && Version !== '2008-10-17') {
    throw new Error(`${where}: Version is ${JSON.stringify(Version)}: give 2012-10-17`);
  }
  const statements = given === undefined ? [] : [given].flat();
  return statements.map((statement, index) => {
    const { Sid } = (statement ?? {}) as { readonly Sid?: unknown };
    const place = Sid === undefined ? `statement ${index + 1}` : `statement ${String(Sid)}`;
    return at(`, ${place}`, () =>
      compileStatement(statement, kind, Version === '2012-10-17', `${where}, ${place}`),
    );
  });
}
