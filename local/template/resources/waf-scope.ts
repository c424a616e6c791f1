import { type Field, type Match, POSITIONS, type Scope } from '../../waf/scope.ts';
import { kindOf, type Part, partOf, refuseUnknown } from './waf-parts.ts';

const BYTE_MATCH_MEMBERS = new Set([
  'FieldToMatch',
  'PositionalConstraint',
  'SearchString',
  'TextTransformations',
]);

/**
 * The method (https://docs.aws.amazon.com/waf/latest/APIReference/API_Method.html), or one header, the case of whose name does
 * not matter (https://docs.aws.amazon.com/waf/latest/APIReference/API_SingleHeader.html).
 */
function fieldOf(field: unknown, what: string): Field {
  const [kind, header] = kindOf(field, `the FieldToMatch of ${what}`);
  if (kind === 'Method') {
    refuseUnknown(header, new Set(), `the Method of ${what}`);
    return 'METHOD';
  }
  if (kind !== 'SingleHeader') {
    throw new Error(`the FieldToMatch of ${what} is ${kind}: here it is SingleHeader or Method`);
  }
  refuseUnknown(header, new Set(['Name']), `the SingleHeader of ${what}`);
  const { Name } = header;
  if (typeof Name !== 'string' || !/^.{1,64}$/.test(Name)) {
    throw new Error(`the header of ${what} is ${JSON.stringify(Name)}: give a name of 1 to 64 characters`);
  }
  return { header: Name.toLowerCase() };
}

/** Whether the value is turned to lower case (https://docs.aws.amazon.com/waf/latest/APIReference/API_TextTransformation.html). */
function lowersCase(transformations: unknown, what: string): boolean {
  const given = Array.isArray(transformations) ? transformations.map(partOf) : [];
  if (given.length === 0) throw new Error(`${what} has no TextTransformations: give at least one`);
  for (const one of given)
    refuseUnknown(one, new Set(['Priority', 'Type']), `a TextTransformation of ${what}`);
  const priorities = given.map(({ Priority }) => Number(Priority));
  if (
    !priorities.every((one) => Number.isInteger(one) && one >= 0) ||
    new Set(priorities).size < given.length
  ) {
    throw new Error(
      `the Priorities of the TextTransformations of ${what} are ${priorities.join(', ')}: give each a whole number of its own, from 0`,
    );
  }
  const types = given.map(({ Type }) => String(Type));
  const other = types.find((type) => type !== 'NONE' && type !== 'LOWERCASE');
  if (other !== undefined) {
    throw new Error(`a TextTransformation of ${what} is ${other}: here it is NONE or LOWERCASE`);
  }
  return types.includes('LOWERCASE');
}

/** https://docs.aws.amazon.com/waf/latest/APIReference/API_ByteMatchStatement.html */
function byteMatch(statement: Part, what: string): Match {
  refuseUnknown(statement, BYTE_MATCH_MEMBERS, `the ByteMatchStatement of ${what}`);
  const { FieldToMatch, PositionalConstraint, SearchString: text, TextTransformations } = statement;
  const position = POSITIONS.find((one) => one === PositionalConstraint);
  if (!position) {
    throw new Error(
      `PositionalConstraint of ${what} is ${String(PositionalConstraint)}: here it is ${POSITIONS.join(', ')}`,
    );
  }
  if (typeof text !== 'string' || text === '' || Buffer.byteLength(text) > 200) {
    throw new Error(`SearchString of ${what} is ${JSON.stringify(text)}: give a text of 1 to 200 bytes`);
  }
  const field = fieldOf(FieldToMatch, what);
  return { field, position, text, lowercase: lowersCase(TextTransformations, what) };
}

/** https://docs.aws.amazon.com/waf/latest/APIReference/API_AndStatement.html */
function allOf(statement: Part, what: string): Match[] {
  const and = `the AndStatement of ${what}`;
  refuseUnknown(statement, new Set(['Statements']), and);
  const given: unknown[] = Array.isArray(statement.Statements) ? statement.Statements : [];
  if (given.length < 2) throw new Error(`${and} has ${given.length} Statements: give at least two`);
  return given.map((one) => {
    const [kind, match] = kindOf(one, `a Statement in ${and}`);
    if (kind === 'ByteMatchStatement') return byteMatch(match, what);
    throw new Error(`a Statement in ${and} is a ${kind}: here it is a ByteMatchStatement`);
  });
}

/** The matches of a statement; undefined when it is of another kind. */
function matchesOf(kind: string, content: Part, what: string): readonly Match[] | undefined {
  if (kind === 'ByteMatchStatement') return [byteMatch(content, what)];
  return kind === 'AndStatement' ? allOf(content, what) : undefined;
}

const SCOPES =
  'here it is a ByteMatchStatement, an AndStatement of them, or a NotStatement around one of these';

/**
 * What a rate-based rule counts: requests for which all matches of a header or the method hold, or all others.
 *
 * @param what the rule, as errors call it
 * @throws Error for every other scope
 */
export function scopeOf(statement: unknown, what: string): Scope {
  const whole = `the ScopeDownStatement of ${what}`;
  const [kind, content] = kindOf(statement, whole);
  const negated = kind === 'NotStatement';
  if (negated) refuseUnknown(content, new Set(['Statement']), `the NotStatement of ${what}`);
  const [inner, match] = negated
    ? kindOf(content.Statement, `the Statement in the NotStatement of ${what}`)
    : [kind, content];
  const matches = matchesOf(inner, match, what);
  if (matches) return { matches, negated };
  throw new Error(`${whole} is a ${negated ? `NotStatement around a ${inner}` : inner}: ${SCOPES}`);
}
