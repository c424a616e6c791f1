import { validationError } from '../errors.ts';

/**
 * Refuses a request that mixes expressions with the parameters they have replaced, or has names or values without an
 * expression to use them (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LegacyConditionalParameters.html).
 */
export function checkExpressionParams(
  request: object,
  expressions: readonly string[],
  legacy: readonly string[],
): void {
  const members = request as Readonly<Record<string, unknown>>;
  const isGiven = (member: string): boolean => members[member] !== undefined;
  const given = expressions.filter(isGiven);
  const others = given.length > 0 ? legacy.filter(isGiven).filter((member) => !isMixable(member, given)) : [];
  if (others.length > 0) {
    throw validationError(
      `Can not use both expression and non-expression parameters in the same request: Non-expression parameters: {${others.join(', ')}} Expression parameters: {${given.join(', ')}}`,
    );
  }
  if (isGiven('ExpressionAttributeNames') && given.length === 0) {
    throw validationError('ExpressionAttributeNames can only be specified when using expressions');
  }
  const takers = expressions.filter((member) => member !== 'ProjectionExpression');
  if (takers.length > 0 && isGiven('ExpressionAttributeValues') && !takers.some(isGiven)) {
    throw validationError(
      `ExpressionAttributeValues can only be specified when using expressions: ${takers.join(' and ')} ${takers.length > 1 ? 'are' : 'is'} null`,
    );
  }
}

/** Legacy conditions on keys may stand beside other expressions. */
const isMixable = (member: string, given: readonly string[]): boolean =>
  member === 'KeyConditions' && !given.includes('KeyConditionExpression');
