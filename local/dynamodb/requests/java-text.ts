import type { MemberType, MemberTypes } from '../expressions/dynalite.ts';
import { isObject } from '../values/normal.ts';

/** The members of a value in the order in which the service shows them, most of them not of the public API. */
const ATTRIBUTE_VALUE = 's n b iNT dECIMAL dOUBLE sS nS bS iNTSET dECIMALSET dOUBLESET m l nULL bOOL'.split(
  ' ',
);

/** Structures whose members the service shows in an order of its own, or with more than the public API has. */
const MEMBERS: Readonly<Record<string, readonly string[]>> = {
  KeySchemaElement: ['AttributeName', 'KeyType'],
  WriteRequest: ['PutRequest', 'DeleteRequest'],
  PutRequest: ['Item', 'WorkloadProfileName'],
  DeleteRequest: ['Key'],
  TransactWriteItem: ['ConditionCheck', 'Put', 'Delete', 'Update'],
};

/** A value of a request as messages show it: lists and maps as in Java, structures with all of their members. */
export function javaText(value: unknown, type: MemberType): string {
  if (value === undefined || value === null) return 'null';
  if (typeof type !== 'string' && type.type === 'ParameterizedMap') return javaMap(value, childOf(type));
  const name = typeof type === 'string' ? type : type.type;
  if (name.startsWith('AttrStruct')) return attributeText(value);
  if (Array.isArray(value)) return `[${value.map((one) => javaText(one, childOf(type))).join(', ')}]`;
  if (!isObject(value)) return String(value);
  const structure = /^(?:Field|Value)Struct<(.+)>$/.exec(name)?.[1];
  return structure ? structureText(structure, value, type) : javaMap(value, childOf(type));
}

const childOf = (type: MemberType): MemberType =>
  typeof type === 'string' ? 'String' : ((type.children as MemberType | undefined) ?? 'String');

function javaMap(value: unknown, type: MemberType): string {
  const entries = isObject(value) ? Object.entries(value) : [];
  return `{${entries.map(([name, one]) => `${name}=${javaText(one, type)}`).join(', ')}}`;
}

function structureText(name: string, value: Record<string, unknown>, type: MemberType): string {
  const types = (typeof type === 'string' ? {} : type.children) as MemberTypes;
  const members = (MEMBERS[name] ?? Object.keys(types)).map(
    (member) => `${lowerFirst(member)}=${javaText(value[member], types[member] ?? 'String')}`,
  );
  return `${name}(${members.join(', ')})`;
}

function attributeText(value: unknown): string {
  const content = isObject(value) ? value : {};
  const [type] = Object.keys(content);
  const members = ATTRIBUTE_VALUE.map((member) => {
    const one = member.toUpperCase() === type ? content[type] : undefined;
    return `${member}=${javaText(one, { type: 'Map', children: 'AttrStruct<ValueStruct>' })}`;
  });
  return `AttributeValue(${members.join(', ')})`;
}

export const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
