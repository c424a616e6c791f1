/** What is wrong with a template of a message before anything is written with it. */

import { Liquid } from 'liquidjs';
import { oneOf } from './file-faults.ts';

/** As strict as the function that writes: what it would refuse at every event is refused here. */
const liquid = new Liquid({ strictFilters: true, parseLimit: 100_000 });

/** What every template may speak of, beside the data of the event. */
const VARIABLES: Readonly<Record<string, readonly string[]>> = {
  customer: ['name', 'givenName', 'familyName', 'kind', 'language'],
  firm: ['title'],
  colleague: ['name'],
  unsubscribeUrl: [],
};

/** Why a text is no template of Liquid; undefined when it is one. */
export function syntaxFault(text: string): string | undefined {
  try {
    liquid.parse(text);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/**
 * Which variable of a template would always be empty; undefined when each can be known.
 *
 * @param events the fields that the event may have.
 */
export function variableFault(text: string, events: readonly string[]): string | undefined {
  if (syntaxFault(text)) return undefined;
  const known: typeof VARIABLES = { event: events, ...VARIABLES };
  for (const [root, field] of liquid.globalVariableSegmentsSync(text)) {
    const name = String(root);
    if (!Object.hasOwn(known, name))
      return `There is no variable ${name}. ${oneOf(name, Object.keys(known))}`;
    const fields = known[name] ?? [];
    if (typeof field === 'string' && fields.length > 0 && !fields.includes(field)) {
      return `${name} has no ${field}. ${oneOf(field, fields)}`;
    }
  }
  return undefined;
}
