import { type Facts, type Input, isText, type Keys, membersOf, textValue } from '../need.ts';
import type { Values } from '../pattern.ts';

/** What is asked of one table: the parts of a call that are about items, and the call as a whole. */
export interface Access {
  readonly table: string;
  readonly index?: string | undefined;
  readonly parts: readonly Input[];
  readonly whole: Input;
  /** The transaction that the parts belong to. */
  readonly enclosing?: string;
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html */
export const DYNAMODB_KEYS = [
  'dynamodb:leadingkeys',
  'dynamodb:attributes',
  'dynamodb:select',
  'dynamodb:returnvalues',
  'dynamodb:returnconsumedcapacity',
  'dynamodb:enclosingoperation',
];

const EXPRESSIONS = [
  'ProjectionExpression',
  'KeyConditionExpression',
  'FilterExpression',
  'ConditionExpression',
  'UpdateExpression',
];

const WORDS = new Set(['AND', 'OR', 'NOT', 'BETWEEN', 'IN', 'SET', 'REMOVE', 'ADD', 'DELETE']);

/** A value of a key attribute as policies write it. */
function keyText(value: unknown): string | undefined {
  const { S, N, B } = membersOf(value);
  return [S, N, B].find(isText);
}

const nameIn = (part: Input) => {
  const names = membersOf(part.ExpressionAttributeNames);
  return (name: string) => (name.startsWith('#') ? String(names[name] ?? name) : name);
};

/** The value that a query asks the partition key to be equal to. */
function queriedKey(part: Input, partitionKey: string): string | undefined {
  const { KeyConditions, KeyConditionExpression: expression, ExpressionAttributeValues } = part;
  const [legacy] = [membersOf(membersOf(KeyConditions)[partitionKey]).AttributeValueList].flat();
  if (legacy !== undefined) return keyText(legacy);
  const nameOf = nameIn(part);
  for (const [, name = '', value = ''] of String(expression ?? '').matchAll(/([#\w.-]+)\s*=\s*(:\w+)/g)) {
    if (nameOf(name) === partitionKey) return keyText(membersOf(ExpressionAttributeValues)[value]);
  }
  return undefined;
}

function leadingKeys({ table, index, parts }: Access, facts: Facts): Values | undefined {
  const partitionKey = facts.partitionKeyOf(table, index);
  if (partitionKey === undefined) return undefined;
  const keys = parts.map(
    (part) => keyText(membersOf(part.Key ?? part.Item)[partitionKey]) ?? queriedKey(part, partitionKey),
  );
  const known = keys.filter(isText);
  return known.length > 0 ? [...new Set(known)] : undefined;
}

/** The attributes at the top that an expression names. */
function namesIn(expression: string, nameOf: (name: string) => string): string[] {
  const found = expression.matchAll(/(?<![\w.:#])(#?[A-Za-z_]\w*)(?!\w|\s*\()/g);
  return [...found]
    .map(([, name = '']) => name)
    .filter((name) => !WORDS.has(name.toUpperCase()))
    .map(nameOf);
}

function attributes({ parts }: Access): Values | undefined {
  const names = parts.flatMap((part) => [
    ...Object.keys(membersOf(part.Key)),
    ...Object.keys(membersOf(part.Item)),
    ...(Array.isArray(part.AttributesToGet) ? part.AttributesToGet.filter(isText) : []),
    ...EXPRESSIONS.flatMap((expression) => {
      const text = part[expression];
      return isText(text) ? namesIn(text, nameIn(part)) : [];
    }),
  ]);
  return names.length > 0 ? [...new Set(names)] : undefined;
}

/** The condition keys of what is asked of one table. */
export function keysOf(access: Access, facts: Facts): Keys {
  const { whole, enclosing } = access;
  return {
    'dynamodb:leadingkeys': () => leadingKeys(access, facts),
    'dynamodb:attributes': () => attributes(access),
    'dynamodb:select': textValue(whole.Select),
    'dynamodb:returnvalues': textValue(whole.ReturnValues),
    'dynamodb:returnconsumedcapacity': textValue(whole.ReturnConsumedCapacity),
    'dynamodb:enclosingoperation': textValue(enclosing),
  };
}
