import { randomBytes } from 'node:crypto';
import type { Caller, Place } from './aws.ts';

/** A key pair as the administrator of the local cloud has it. */
export interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** What a function finds in its environment. */
export interface Credentials extends AccessKey {
  readonly sessionToken: string;
}

/** Who stands behind an access key, and what the signature and token of a request must match. */
export interface Identity {
  readonly caller: Caller;
  readonly secretAccessKey: string;
  /** Undefined for the administrator, whose key is a lasting one. */
  readonly sessionToken: string | undefined;
}

export interface Identities {
  readonly admin: AccessKey;
  readonly adminCaller: Caller;
  /** The credentials of a role in a session, the same whenever asked for. */
  credentialsFor(roleArn: string, sessionName: string): Credentials;
  identityOf(accessKeyId: string): Identity | undefined;
}

const KEY_ID_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** `AKIA` begins a lasting key, `ASIA` that of a session; 16 characters of base 32 follow. */
function accessKey(prefix: 'AKIA' | 'ASIA'): AccessKey {
  const id = Array.from(randomBytes(16), (byte) => KEY_ID_ALPHABET[byte % 32]).join('');
  return { accessKeyId: `${prefix}${id}`, secretAccessKey: randomBytes(30).toString('base64') };
}

/** A new key pair for the administrator. */
export function newAdminKey(): AccessKey {
  return accessKey('AKIA');
}

function roleNameOf(roleArn: string): string {
  const match = /^arn:aws:iam::\d{12}:role\/(?:.+\/)?([^/]+)$/.exec(roleArn);
  if (match?.[1]) return match[1];
  throw new Error(`${roleArn} is not the ARN of a role: arn:aws:iam::<account>:role/<name> is expected.`);
}

/** The identities of one cloud: the administrator and, as they are asked for, the sessions of roles. */
export function createIdentities({ place, admin }: { place: Place; admin: AccessKey }): Identities {
  const identities = new Map<string, Identity>();
  const sessions = new Map<string, Credentials>();

  function remember(key: AccessKey, arn: string, sessionToken?: string): Caller {
    const caller = { accessKeyId: key.accessKeyId, arn, accountId: place.accountId };
    identities.set(key.accessKeyId, { caller, secretAccessKey: key.secretAccessKey, sessionToken });
    return caller;
  }
  const adminCaller = remember(admin, `arn:aws:iam::${place.accountId}:user/admin`);

  return {
    admin,
    adminCaller,
    credentialsFor(roleArn, sessionName) {
      const arn = `arn:aws:sts::${place.accountId}:assumed-role/${roleNameOf(roleArn)}/${sessionName}`;
      const known = sessions.get(arn);
      if (known) return known;
      const created = { ...accessKey('ASIA'), sessionToken: randomBytes(48).toString('base64') };
      sessions.set(arn, created);
      remember(created, arn, created.sessionToken);
      return created;
    },
    identityOf: (accessKeyId) => identities.get(accessKeyId),
  };
}
