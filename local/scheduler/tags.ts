import * as v from 'valibot';
import { AwsError } from '../aws.ts';

export type Tags = Readonly<Record<string, string>>;

/** https://docs.aws.amazon.com/scheduler/latest/APIReference/API_TagResource.html */
const MAX_TAGS = 200;

const text = (most: number) => v.pipe(v.string(), v.minLength(1), v.maxLength(most));
const schema = v.array(
  v.strictObject({
    Key: v.pipe(text(128), v.regex(/^(?!aws:)/i, 'a key does not begin with aws:')),
    Value: text(256),
  }),
);

/** Reads tags by key, as the API and templates give them. @throws AwsError `ValidationException` */
export function tagsOf(given: unknown = []): Tags {
  const parsed = v.safeParse(schema, given);
  if (parsed.success) return Object.fromEntries(parsed.output.map(({ Key, Value }) => [Key, Value]));
  const [issue] = parsed.issues;
  const path = ['Tags', v.getDotPath(issue)].filter((part) => part).join('.');
  throw new AwsError('ValidationException', `${path} is not valid: ${issue.message}.`);
}

/** Those of a group with further ones. @throws AwsError `ValidationException` when there are too many */
export function tagged(tags: Tags, more: Tags): Tags {
  const all = { ...tags, ...more };
  if (Object.keys(all).length <= MAX_TAGS) return all;
  throw new AwsError(
    'ValidationException',
    `A schedule group has at most ${MAX_TAGS} tags, not ${Object.keys(all).length}.`,
  );
}

/** As the API answers them. */
export const tagList = (tags: Tags) => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
