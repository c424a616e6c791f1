import { AwsError } from '../aws.ts';
import type { Item } from './values/attributes.ts';

export function validationError(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

/** A value is nested deeper than 32 levels. */
export function tooDeep(): AwsError {
  return validationError(
    'Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit',
  );
}

/** The table of a data request is not there. */
export function tableNotFound(): AwsError {
  return new AwsError('ResourceNotFoundException', 'Requested resource not found');
}

/** The table of a control request is not there. */
export function namedTableNotFound(name: string): AwsError {
  return new AwsError('ResourceNotFoundException', `Requested resource not found: Table: ${name} not found`);
}

/** A condition was not met; `item` is the stored item if the request asked for it. */
export function conditionFailed(item?: Item): AwsError {
  return new AwsError(
    'ConditionalCheckFailedException',
    'The conditional request failed',
    400,
    item ? { Item: item } : {},
  );
}

const DOING = { CREATING: 'created', UPDATING: 'updated', DELETING: 'deleted' } as const;

/** A table cannot be changed while it is created, updated or deleted. */
export function tableInUse(name: string, activity: keyof typeof DOING): AwsError {
  return new AwsError(
    'ResourceInUseException',
    `Attempt to change a resource which is still in use: Table is being ${DOING[activity]}: ${name}`,
  );
}
