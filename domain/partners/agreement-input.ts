import * as v from 'valibot';
import { Refusal } from '../errors.ts';
import { checkInput, clientRequestId, moment, optional, text } from '../input.ts';
import { nearest } from './nearest.ts';
import { type ShareableEvent, shareableEvents, shareableFields } from './shareable.ts';

const names = v.pipe(v.array(text(128)), v.minLength(1, 'must name at least one'));

const createSchema = v.object({
  clientRequestId,
  partnerId: text(64),
  purpose: text(256),
  events: names,
  fields: names,
  validFrom: optional(moment),
  validUntil: moment,
});

const updateSchema = v.object({
  id: text(64),
  expectedVersion: optional(v.number()),
  purpose: optional(text(256)),
  events: optional(names),
  fields: optional(names),
  validFrom: optional(moment),
  validUntil: optional(moment),
});

/** What an agreement says, apart from whose it is. */
export interface Terms {
  readonly purpose: string;
  readonly events: readonly ShareableEvent[];
  readonly fields: readonly string[];
  readonly validFrom: string;
  readonly validUntil: string;
}

/** An agreement to make, in canonical form. */
export interface CreateAgreement extends Terms {
  readonly clientRequestId?: string | null | undefined;
  readonly partnerId: string;
}

/** Changes to an agreement, in canonical form: what is absent stays. */
export interface UpdateAgreement {
  readonly id: string;
  readonly expectedVersion?: number | null | undefined;
  readonly terms: Partial<Terms>;
}

/**
 * Checks an agreement that a client asks to make; it holds from `now` when the input names no other moment.
 *
 * @throws Refusal `INPUT.INVALID`
 */
export function checkCreateAgreement(input: unknown, now: string): CreateAgreement {
  const { events, fields, validFrom, ...command } = checkInput(createSchema, input);
  return {
    ...command,
    events: shareable('events', events, Object.keys(shareableEvents)) as ShareableEvent[],
    fields: shareable('fields', fields, Object.keys(shareableFields)),
    validFrom: validFrom ?? now,
  };
}

/** @throws Refusal `INPUT.INVALID` */
export function checkUpdateAgreement(input: unknown): UpdateAgreement {
  const { id, expectedVersion, purpose, events, fields, validFrom, validUntil } = checkInput(
    updateSchema,
    input,
  );
  const terms = {
    ...(purpose ? { purpose } : {}),
    ...(events
      ? { events: shareable('events', events, Object.keys(shareableEvents)) as ShareableEvent[] }
      : {}),
    ...(fields ? { fields: shareable('fields', fields, Object.keys(shareableFields)) } : {}),
    ...(validFrom ? { validFrom } : {}),
    ...(validUntil ? { validUntil } : {}),
  };
  return { id, expectedVersion, terms };
}

/** The names, each once; all that there are stand in the refusal, since nobody knows them by heart. */
function shareable(field: string, given: readonly string[], allowed: readonly string[]): string[] {
  for (const [index, name] of given.entries()) {
    if (allowed.includes(name)) continue;
    const meant = nearest(name, allowed);
    const hint = meant === undefined ? '' : `did you mean ${JSON.stringify(meant)}? `;
    throw new Refusal(
      'INPUT.INVALID',
      `${field}.${index}: ${JSON.stringify(name)} cannot be shared: ${hint}There are ${allowed.join(', ')}`,
      { field: `${field}.${index}`, value: name, allowed, ...(meant === undefined ? {} : { meant }) },
    );
  }
  return [...new Set(given)];
}
