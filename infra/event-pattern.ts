/** Patterns of rules that leave in the bus what a consumer would only look at and drop. */

import type { EventPattern } from 'aws-cdk-lib/aws-events';
import { fieldsOf } from './event-fields.ts';

/** Events that a consumer acts on. */
export interface Wanted {
  /** Their `detail-type`. */
  readonly on: string;
  /** Fields of the event's data with the values that each may have; all must hold. @default every event */
  readonly where?: Readonly<Record<string, readonly string[]>> | undefined;
}

/**
 * How long a pattern may be where nobody asked AWS for more, less what is added to it about replays and imports
 * (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html).
 */
const MOST_CHARACTERS = 2048 - 100;

/**
 * The pattern of the tenant's own events that are wanted. It may let others of the same types pass, which the consumer
 * drops: what it says of data are only fields whose values the contract lists, and nothing when it would become
 * too long.
 */
export function patternOf(wanted: readonly Wanted[]): EventPattern {
  const detailType = [...new Set(wanted.map(({ on }) => on))];
  const whole = { source: ['fidelia'], detailType };
  const alternatives = alternativesOf(wanted);
  const [first, second] = alternatives;
  if (!first || alternatives.every(({ data }) => data === undefined)) return whole;
  const narrow: EventPattern = { ...whole, detail: second ? { $or: alternatives } : first };
  return JSON.stringify(narrow).length > MOST_CHARACTERS ? whole : narrow;
}

interface Alternative {
  /** Of the envelope. */
  readonly type: readonly string[];
  readonly data?: Readonly<Record<string, readonly string[]>>;
}

/** The types of which every event is wanted, and the conditions of the others. */
function alternativesOf(wanted: readonly Wanted[]): Alternative[] {
  const known = wanted.map(({ on, where = {} }) => ({ on, data: listed(on, where) }));
  const wholly = new Set(known.filter(({ data }) => Object.keys(data).length === 0).map(({ on }) => on));
  const partly = known
    .filter(({ on }) => !wholly.has(on))
    .map(({ on, data }) => JSON.stringify({ type: [on], data }));
  return [
    ...(wholly.size > 0 ? [{ type: [...wholly] }] : []),
    ...[...new Set(partly)].map((text): Alternative => JSON.parse(text)),
  ];
}

/** The conditions on fields whose values are listed: a text there is the same text in a pattern. */
function listed(on: string, where: NonNullable<Wanted['where']>): NonNullable<Wanted['where']> {
  const fields = fieldsOf(on);
  return Object.fromEntries(Object.entries(where).filter(([field]) => fields.get(field) !== undefined));
}
