import { AwsError } from '../aws.ts';
import { isObject } from './leaf.ts';

export type Entry = Readonly<Record<string, unknown>>;

/** @throws AwsError `ValidationException` when the member is missing, empty or no text */
export function requiredString(input: Entry, name: string): string {
  const value = input[name];
  if (typeof value === 'string' && value !== '') return value;
  throw invalidParameter(name, `${name} is a required argument`);
}

/** A time in milliseconds since 1970; the wire has seconds. @throws AwsError `ValidationException` */
export function requiredTime(input: Entry, name: string): number {
  const value = input[name];
  const time = typeof value === 'string' ? Date.parse(value) : Number(value ?? Number.NaN) * 1000;
  if (Number.isFinite(time)) return time;
  throw invalidParameter(name, `${name} is a required argument`);
}

/** The object that a text holds. @throws AwsError `ValidationException` when it holds none */
export function requiredObject(input: Entry, name: string): object {
  try {
    const value: unknown = JSON.parse(requiredString(input, name));
    if (isObject(value)) return value;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw invalidParameter(name, 'it must be a JSON object');
}

export function invalidParameter(name: string, reason: string): AwsError {
  return new AwsError('ValidationException', `Parameter ${name} is not valid. Reason: ${reason}.`);
}

export function notFound(message: string): AwsError {
  return new AwsError('ResourceNotFoundException', message);
}
