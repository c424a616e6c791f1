import type { Place } from '../aws.ts';
import type { Values } from './pattern.ts';
import type { Principal } from './principal.ts';

/** What the global condition keys of a request are read from. */
export interface Surroundings {
  readonly principal: Principal;
  readonly place: Place;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** The tags of the role behind a session. */
  readonly tags: Readonly<Record<string, string>>;
}

type Read = (surroundings: Surroundings) => string | undefined;

const ofService = (read: (principal: Extract<Principal, { kind: 'service' }>) => string): Read => {
  return ({ principal }) => (principal.kind === 'service' ? read(principal) : undefined);
};

const isService: Read = ({ principal }) => String(principal.kind === 'service');

const account: Read = ({ place }) => place.accountId;

const ofSession = (read: (session: Extract<Principal, { kind: 'session' }>) => string): Read => {
  return ({ principal }) => (principal.kind === 'session' ? read(principal) : undefined);
};

/** Every caller is on this machine; its wire stands for that of AWS, which SDKs encrypt. */
const keys: Readonly<Record<string, Read>> = {
  'aws:securetransport': () => 'true',
  'aws:currenttime': ({ now }) => new Date(now()).toISOString(),
  'aws:epochtime': ({ now }) => String(Math.floor(now() / 1000)),
  'aws:sourceip': ({ principal }) => (principal.kind === 'service' ? undefined : '127.0.0.1'),
  'aws:principalarn': ofSession(({ roleArn }) => roleArn),
  'aws:principalaccount': ofSession(({ roleArn }) => roleArn.split(':')[4] ?? ''),
  'aws:principaltype': ({ principal }) =>
    ({ session: 'AssumedRole', anonymous: 'Anonymous', service: undefined })[principal.kind],
  'aws:principalisawsservice': isService,
  'aws:principalservicename': ofService(({ service }) => service),
  'aws:sourcearn': ofService(({ sourceArn }) => sourceArn),
  'aws:sourceaccount': ofService(({ sourceArn }) => sourceArn.split(':')[4] ?? ''),
  'aws:requestedregion': ({ place }) => place.region,
  'aws:resourceaccount': account,
  'aws:viaawsservice': () => 'false',
};

const TAG = 'aws:principaltag/';

/** Keys whose value is another at each request. */
export const volatileKeys: ReadonlySet<string> = new Set(['aws:currenttime', 'aws:epochtime']);

/** The global condition keys that requests have here, in lower case; tags by what stands before their name. */
export const globalKeys: readonly string[] = [...Object.keys(keys), TAG];

/**
 * The values of a global condition key
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html).
 */
export function globalKey(key: string, surroundings: Surroundings): Values | undefined {
  const value = key.startsWith(TAG)
    ? Object.entries(surroundings.tags).find(([name]) => name.toLowerCase() === key.slice(TAG.length))?.[1]
    : keys[key]?.(surroundings);
  return value === undefined ? undefined : [value];
}
