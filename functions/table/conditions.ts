import type { PutCommandInput } from '@aws-sdk/lib-dynamodb';
import type { Item } from './attribute-values.ts';

/** What a part of a write may depend on. */
export type Condition = Pick<
  PutCommandInput,
  'ConditionExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'
>;

/** When there is no item with this key. */
export const ifNew: Condition = { ConditionExpression: 'attribute_not_exists(pk)' };

/** When the item is there and has these values. */
export function ifHas(values: Readonly<Item>): Condition {
  const names = Object.keys(values);
  return {
    ConditionExpression: names.map((name) => `#${name} = :${name}`).join(' AND '),
    ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
    ExpressionAttributeValues: Object.fromEntries(names.map((name) => [`:${name}`, values[name]])),
  };
}

/** When there is no item with this key, or the other condition holds. */
export const ifNewOr = (other: Condition): Condition => ({
  ...other,
  ConditionExpression: `${ifNew.ConditionExpression} OR ${other.ConditionExpression}`,
});

/** When the item has this version; 0 stands for none that is there. */
export const ifAtVersion = (version: number): Condition => (version === 0 ? ifNew : ifHas({ version }));
