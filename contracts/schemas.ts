import { toJsonSchema } from '@valibot/to-json-schema';
import { type EventType, envelopeSchema, eventSchemas } from '../domain/events.ts';

/** A JSON Schema, as far as the comparison of two versions needs to know it. */
export interface JsonSchema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly items?: JsonSchema;
  readonly [keyword: string]: unknown;
}

/** The names of all events, with their contract versions. */
export const eventTypes = Object.keys(eventSchemas) as EventType[];

/** The JSON Schema of an event's `detail`. */
export function schemaOf(type: EventType): JsonSchema {
  return {
    ...(toJsonSchema(envelopeSchema(type)) as unknown as JsonSchema),
    title: type,
    description: `The detail of ${type} on the event bus.`,
  };
}

/**
 * What in `next` would break a consumer that was built for `before`: a field that is gone, changed its type, became
 * optional where it was promised, or may hold a value it could not hold before. Such a change is a new version.
 */
export function breakingChanges(before: JsonSchema, next: JsonSchema, path = 'detail'): string[] {
  const changes: string[] = [];
  if (before.type !== next.type) changes.push(`${path} was ${before.type} and is ${next.type}`);
  for (const [name, property] of Object.entries(before.properties ?? {})) {
    const now = next.properties?.[name];
    if (now) changes.push(...breakingChanges(property, now, `${path}.${name}`));
    else changes.push(`${path}.${name} is gone`);
  }
  for (const name of before.required ?? []) {
    if (next.properties?.[name] && !next.required?.includes(name))
      changes.push(`${path}.${name} may now be absent`);
  }
  if (before.const !== next.const)
    changes.push(`${path} was always ${before.const} and is now ${next.const}`);
  if (before.items && next.items) changes.push(...breakingChanges(before.items, next.items, `${path}[]`));
  for (const value of next.enum ?? []) {
    if (before.enum && !before.enum.includes(value))
      changes.push(`${path} may now be ${JSON.stringify(value)}`);
  }
  return changes;
}
