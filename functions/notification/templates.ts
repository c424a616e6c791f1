import { Liquid, type Template } from 'liquidjs';
import { languageOf } from '../../domain/team/language.ts';
import type { MessageTemplate } from '../../domain/team/notification-rule.ts';

/** What a template may speak of; nothing else of the customer is there. */
export interface Variables {
  /** The data of the event. */
  readonly event: object;
  readonly customer: {
    readonly kind: string;
    readonly name: string;
    readonly givenName?: string | undefined;
    readonly familyName?: string | undefined;
    readonly language?: string | undefined;
  };
  readonly firm: { readonly title: string };
  /** Who is told; absent when that is the customer. */
  readonly colleague?: { readonly name: string };
  /** Where the customer can unsubscribe; absent unless it is a mail for marketing. */
  readonly unsubscribeUrl?: string;
}

/** What is said, in one language. */
export interface Said {
  /** One line, of at most 256 characters. */
  readonly title: string;
  readonly text: string;
  readonly html?: string;
  /** At most 480 characters: four parts of an SMS in the alphabet of GSM. */
  readonly sms: string;
}

/** Bounds of what is said, in characters; a line that is longer is cut, a text that is longer is a fault of its template. */
const longest = { title: 256, text: 10_000, html: 100_000, sms: 480 } as const;

/**
 * A template that says nothing that could be sent. It stays so until the tenant's file is repaired; the message holds
 * nothing of a customer.
 */
export class TemplateError extends Error {
  override name = 'TemplateError';
}

export interface TemplateSettings {
  /** By name and language. */
  readonly templates: Readonly<Record<string, Readonly<Record<string, MessageTemplate>>>>;
  /** The language where the wanted one is not known or has no template. */
  readonly language: string;
  /** IANA name of the zone in which dates are written. */
  readonly timeZone: string;
}

/** Writes what templates say. */
export type Write = (template: string, wanted: string | undefined, variables: Variables) => Said;

/** Makes the writer of a tenant's templates, which keeps what it has parsed. */
export function templateWriter({ templates, language, timeZone }: TemplateSettings): Write {
  const parsers = new Map<string, Parser>();
  const parserOf = (tag: string): Parser => {
    const parser = parsers.get(tag) ?? parserFor(tag, timeZone);
    parsers.set(tag, parser);
    return parser;
  };
  return (name, wanted, variables) => {
    const versions = Object.hasOwn(templates, name) ? (templates[name] ?? {}) : {};
    const tag = languageOf(Object.keys(versions), wanted, language);
    const source = tag === undefined ? undefined : versions[tag];
    if (tag === undefined || !source) {
      throw new TemplateError(`There is no template ${name}: add it to the tenant's notifications.templates`);
    }
    const render = (part: keyof MessageTemplate, text: string) =>
      parserOf(tag)(`${name}.${tag}.${part}`, text, part === 'html', variables);
    const title = line(render('title', source.title), longest.title);
    if (title === '') throw new TemplateError(`${name}.${tag}.title is empty for some: give it a fixed word`);
    return {
      title,
      text: bounded(render('text', source.text), `${name}.${tag}.text`, longest.text),
      ...(source.html
        ? { html: bounded(render('html', source.html), `${name}.${tag}.html`, longest.html) }
        : {}),
      sms: cut(source.sms ? render('sms', source.sms).trim() : title, longest.sms, '...'),
    };
  };
}

type Parser = (place: string, text: string, escaped: boolean, variables: Variables) => string;

/** Bounds of one rendering, so that a loop in a template cannot hold up what others are told. */
const limits = { parseLimit: 100_000, renderLimit: 1000, memoryLimit: 1_000_000 };

function parserFor(locale: string, timeZone: string): Parser {
  const options = {
    ...limits,
    strictFilters: true,
    ownPropertyOnly: true,
    timezoneOffset: timeZone,
    locale,
    // No file can be included.
    templates: {},
  };
  const [plain, escaping] = [new Liquid(options), new Liquid({ ...options, outputEscape: 'escape' })];
  const parsed = new Map<string, Template[]>();
  return (place, text, escaped, variables) => {
    const engine = escaped ? escaping : plain;
    try {
      const template = parsed.get(place) ?? engine.parse(text);
      parsed.set(place, template);
      return String(engine.renderSync(template, variables));
    } catch (error) {
      throw new TemplateError(
        `${place} cannot be written: ${faultOf(error)}. Repair it in the tenant's file`,
      );
    }
  };
}

/** A fault of parsing tells of the template; one of rendering might tell of values, so only its place is told. */
function faultOf(error: unknown): string {
  const { name, message } = error as Error;
  return name === 'RenderError' ? `${name} at ${/line:\d+, col:\d+/.exec(message)?.[0]}` : message;
}

/** One line: whatever could end a header is a blank. */
function line(text: string, max: number): string {
  return cut(text.replace(/[\p{Cc}\u2028\u2029\s]+/gu, ' ').trim(), max);
}

/**
 * The beginning of a text, of whole characters.
 *
 * @param ending what says that it was cut; of an SMS in the alphabet of GSM, since with another sign it takes twice the parts
 */
function cut(text: string, max: number, ending = '…'): string {
  if (text.length <= max) return text;
  return text.slice(0, max - ending.length).replace(/[\uD800-\uDBFF]$/, '') + ending;
}

function bounded(text: string, place: string, max: number): string {
  if (text.length <= max) return text;
  throw new TemplateError(`${place} has ${text.length} characters: make it say at most ${max}`);
}
