import type { Item } from './attribute-values.ts';

/** A model as electrodb is given it, as far as a put follows from it. */
export interface Model {
  readonly model: { readonly entity: string; readonly version: string };
  readonly attributes: Readonly<Record<string, AttributeDefinition>>;
  readonly indexes: Readonly<Record<string, IndexDefinition>>;
}

interface AttributeDefinition {
  readonly type: unknown;
  readonly required?: boolean;
}

interface IndexDefinition {
  readonly condition?: (attributes: Item) => boolean;
  readonly pk: KeyDefinition;
  readonly sk?: KeyDefinition;
}

interface KeyDefinition {
  readonly field?: string;
  readonly composite: readonly string[];
  readonly template?: string;
  readonly casing?: string;
}

/** An attribute of a model. */
export interface ModelAttribute {
  readonly name: string;
  /** Whether every item has it: it is required, or a part of a key. */
  readonly needed: boolean;
  /** What a value must be, in words. */
  readonly expected: string;
  readonly accepts: (value: unknown) => boolean;
}

/** An index of a model: which items are in it, and under which keys. */
export interface ModelIndex {
  readonly holds: (item: Item) => boolean;
  readonly keys: readonly { readonly field: string; readonly keyOf: (item: Readonly<Item>) => string }[];
}

/** All that models here say of these; whatever else electrodb knows would change what it puts. */
const known = {
  attribute: ['type', 'required'],
  index: ['index', 'condition', 'pk', 'sk'],
  // electrodb writes the facets into the model itself.
  key: ['field', 'composite', 'template', 'casing', 'facets'],
} as const;

/** The attributes of a model. @throws Error that names one of which more is said than its type and whether it is required. */
export function attributesIn(model: Model): readonly ModelAttribute[] {
  const inKeys = new Set(
    Object.values(model.indexes).flatMap(({ pk, sk }) => [...pk.composite, ...(sk?.composite ?? [])]),
  );
  return Object.entries(model.attributes).map(([name, definition]) => {
    expectOnly(known.attribute, definition, `${model.model.entity}.${name}`);
    const needed = definition.required === true || inKeys.has(name);
    return { name, needed, ...typeOf(definition.type, `${model.model.entity}.${name}`) };
  });
}

/** The indexes of a model. @throws Error that names the index when a key has no template, or an option is none of those known. */
export function indexesIn(model: Model): readonly ModelIndex[] {
  return Object.entries(model.indexes).map(([name, definition]) => {
    const { condition = () => true, pk, sk } = definition;
    expectOnly(known.index, definition, `${model.model.entity}.${name}`);
    const keys = Object.entries({ pk, ...(sk && { sk }) }).map(([part, key]) =>
      keyIn(model, key, `${model.model.entity}.${name}.${part}`),
    );
    return { holds: condition, keys };
  });
}

function typeOf(type: unknown, place: string): Pick<ModelAttribute, 'expected' | 'accepts'> {
  if (type === 'any') return { expected: 'a value', accepts: () => true };
  if (type === 'string' || type === 'number' || type === 'boolean') {
    return { expected: `a ${type}`, accepts: (value) => typeof value === type };
  }
  if (Array.isArray(type)) {
    return { expected: `one of ${type.join(', ')}`, accepts: (value) => type.includes(value) };
  }
  throw unsupported(`the type ${JSON.stringify(type)}`, place);
}

function keyIn(model: Model, key: KeyDefinition, place: string): ModelIndex['keys'][number] {
  const { field, template, casing } = key;
  expectOnly(known.key, key, place);
  if (field === undefined || field in model.attributes) throw unsupported(`the field ${field}`, place);
  if (!template) throw unsupported('a key without a template', place);
  if (casing !== 'none') throw unsupported(`the casing ${casing}`, place);
  return { field, keyOf: filling(template) };
}

/** Fills the names in a template with their values. */
function filling(template: string): (item: Readonly<Item>) => string {
  const [start = '', ...rest] = template.split(/\$\{([^}]+)\}/);
  const parts = rest.flatMap((name, index) =>
    index % 2 === 0 ? [{ name, text: rest[index + 1] ?? '' }] : [],
  );
  return (item) => {
    let key = start;
    for (const { name, text } of parts) key += `${item[name]}${text}`;
    return key;
  };
}

function expectOnly(options: readonly string[], definition: object, place: string): void {
  for (const option of Object.keys(definition)) {
    if (!options.includes(option)) throw unsupported(`the option ${option}`, place);
  }
}

const unsupported = (what: string, place: string) =>
  new Error(
    `No put can be made for ${what} of ${place}: model it otherwise, or add it to functions/table/model.ts`,
  );
