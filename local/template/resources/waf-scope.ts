import { type HeaderScope, POSITIONS } from '../../waf/scope.ts';
import { kindOf, type Part, partOf, refuseUnknown } from './waf-parts.ts';

const BYTE_MATCH_MEMBERS = new Set([
  'FieldToMatch',
  'PositionalConstraint',
  'SearchString',
  'TextTransformations',
]);

/** The name of the one header that is looked at; its case does not matter (https://docs.aws.amazon.com/waf/latest/APIReference/API_SingleHeader.html). */
function headerOf(field: unknown, what: string): string {
  const [kind, header] = kindOf(field, `the FieldToMatch of ${what}`);
  if (kind !== 'SingleHeader') {
    throw new Error(`the FieldToMatch of ${what} is ${kind}: here it is SingleHeader`);
  }
  refuseUnknown(header, new Set(['Name']), `the SingleHeader of ${what}`);
  const { Name } = header;
  if (typeof Name !== 'string' || !/^.{1,64}$/.test(Name)) {
    throw new Error(`the header of ${what} is ${JSON.stringify(Name)}: give a name of 1 to 64 characters`);
  }
  return Name.toLowerCase();
}

/** Whether the header is turned to lower case (https://docs.aws.amazon.com/waf/latest/APIReference/API_TextTransformation.html). */
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
function byteMatch(statement: Part, negated: boolean, what: string): HeaderScope {
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
  const header = headerOf(FieldToMatch, what);
  return { header, position, text, lowercase: lowersCase(TextTransformations, what), negated };
}

const SCOPES = 'here it is a ByteMatchStatement, or a NotStatement around one';

/**
 * What a rate-based rule counts: requests with a text in a header, or without it.
 *
 * @param what the rule, as errors call it
 * @throws Error for every other scope
 */
export function scopeOf(statement: unknown, what: string): HeaderScope {
  const whole = `the ScopeDownStatement of ${what}`;
  const [kind, content] = kindOf(statement, whole);
  if (kind === 'ByteMatchStatement') return byteMatch(content, false, what);
  if (kind !== 'NotStatement') throw new Error(`${whole} is a ${kind}: ${SCOPES}`);
  refuseUnknown(content, new Set(['Statement']), `the NotStatement of ${what}`);
  const [inner, match] = kindOf(content.Statement, `the Statement in the NotStatement of ${what}`);
  if (inner === 'ByteMatchStatement') return byteMatch(match, true, what);
  throw new Error(`${whole} is a NotStatement around a ${inner}: ${SCOPES}`);
}
