import type { Place } from '../aws.ts';
import type { Values } from './pattern.ts';

/** The condition keys of a service in a request by name in lower case, worked out only when a policy looks at them. */
export type Keys = Readonly<Record<string, () => Values | undefined>>;

/** One right on one resource, which a call needs. */
export interface Need {
  /** `dynamodb:PutItem`. */
  readonly action: string;
  /** An ARN, or `*` for what is no resource's. */
  readonly resource: string;
  readonly keys?: Keys;
}

/** What must be known of the account to tell what a call needs. */
export interface Facts {
  readonly place: Place;
  /** The attribute that is the partition key of a table, or of its index. */
  partitionKeyOf(table: string, index: string | undefined): string | undefined;
  /** The identity of SES that lets this sender send, and the configuration set of its mails. */
  senderOf(sender: {
    readonly address: string;
    readonly domain: string;
  }): { readonly name: string; readonly configurationSet: string | undefined } | undefined;
}

export type Input = Readonly<Record<string, unknown>>;

/** What the calls of a service with JSON need. */
export interface JsonNeeds {
  /** The condition keys that the needs may have, in lower case. */
  readonly keys: readonly string[];
  /**
   * Of what the service refuses as malformed it answers fewer needs, or none; of an action that it does not know, the
   * right to that action on everything.
   */
  needsOf(action: string, input: Input, facts: Facts): readonly Need[];
}

/** A request by path, or with a form. */
export interface RestRequest {
  readonly method: string;
  readonly url: string;
  readonly body: Buffer;
}

/** What the calls of a service by path need. */
export interface RestNeeds {
  readonly keys: readonly string[];
  needsOf(request: RestRequest, facts: Facts): readonly Need[];
}

export const isText = (value: unknown): value is string => typeof value === 'string';

/** The members of a list that are objects. */
export function objectsIn(value: unknown): Input[] {
  return Array.isArray(value) ? value.filter((one) => one !== null && typeof one === 'object') : [];
}

/** An object's members; none of what is no object. */
export function membersOf(value: unknown): Input {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Input) : {};
}

/** The values of a key that has one when a text is given. */
export const textValue = (value: unknown) => (): Values | undefined => (isText(value) ? [value] : undefined);
