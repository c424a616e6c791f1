import type { Properties } from '../deploy.ts';

const KNOWN = new Set(['EventBusName', 'StatementId', 'Statement']);

function list(value: unknown): unknown[] {
  return value === undefined ? [] : [value].flat();
}

/**
 * The statement of an `AWS::Events::EventBusPolicy`, for what EventBridge would take at deploy.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-events-eventbuspolicy.html
 *
 * @throws Error with what is wrong and its remedy
 */
export function eventBusStatement(properties: Properties): object {
  const older = Object.keys(properties).filter((name) => !KNOWN.has(name));
  if (older.length > 0) {
    throw new Error(
      `the policy of a bus has ${older.join(', ')}: say it in Statement, which also names them`,
    );
  }
  const { StatementId, Statement } = properties;
  if (typeof StatementId !== 'string' || !/^[\w-]{1,64}$/.test(StatementId)) {
    throw new Error(
      `StatementId is ${JSON.stringify(StatementId)}: give 1 to 64 letters, digits, '-' and '_'`,
    );
  }
  if (Statement === null || typeof Statement !== 'object' || Array.isArray(Statement)) {
    throw new Error(`Statement of ${StatementId} is ${JSON.stringify(Statement)}: give one statement`);
  }
  const { Effect, Principal, Action, Resource } = Statement as Readonly<Record<string, unknown>>;
  if (Effect !== 'Allow' && Effect !== 'Deny') {
    throw new Error(`Effect of statement ${StatementId} is ${JSON.stringify(Effect)}: give Allow or Deny`);
  }
  if (Principal === undefined)
    throw new Error(`statement ${StatementId} has no Principal: say for whom it is`);
  const foreign = list(Action).find((action) => !String(action).startsWith('events:'));
  if (list(Action).length === 0 || foreign !== undefined) {
    throw new Error(
      `Action of statement ${StatementId} is ${JSON.stringify(Action)}: give actions of events:`,
    );
  }
  if (list(Resource).length === 0) {
    throw new Error(`statement ${StatementId} has no Resource: give the ARN of the bus`);
  }
  return Statement;
}
