import type { JsonWebKey } from 'node:crypto';

/** What CloudFormation says about a user pool, as far as the local cloud acts on it. */
export interface UserPoolProperties {
  readonly UserPoolName?: string;
  readonly Policies?: { readonly PasswordPolicy?: PasswordPolicy };
  readonly AdminCreateUserConfig?: {
    readonly AllowAdminCreateUserOnly?: boolean;
    readonly InviteMessageTemplate?: { readonly EmailSubject?: string; readonly EmailMessage?: string };
  };
  readonly EmailConfiguration?: { readonly From?: string };
  readonly EmailVerificationMessage?: string;
  readonly EmailVerificationSubject?: string;
  readonly VerificationMessageTemplate?: { readonly EmailSubject?: string; readonly EmailMessage?: string };
  readonly AutoVerifiedAttributes?: readonly string[];
  readonly AccountRecoverySetting?: { readonly RecoveryMechanisms?: readonly { readonly Name?: string }[] };
  readonly EnabledMfas?: readonly string[];
  readonly UsernameAttributes?: readonly string[];
  readonly AliasAttributes?: readonly string[];
  readonly UsernameConfiguration?: { readonly CaseSensitive?: boolean };
  readonly MfaConfiguration?: string;
  readonly LambdaConfig?: Readonly<Record<string, unknown>>;
  readonly [property: string]: unknown;
}

export interface PasswordPolicy {
  readonly MinimumLength?: number;
  readonly RequireLowercase?: boolean;
  readonly RequireUppercase?: boolean;
  readonly RequireNumbers?: boolean;
  readonly RequireSymbols?: boolean;
  readonly TemporaryPasswordValidityDays?: number;
}

/** What CloudFormation says about a client of a user pool. */
export interface ClientProperties {
  readonly ClientName?: string;
  readonly ExplicitAuthFlows?: readonly string[];
  readonly AccessTokenValidity?: number;
  readonly IdTokenValidity?: number;
  readonly RefreshTokenValidity?: number;
  readonly TokenValidityUnits?: {
    readonly AccessToken?: string;
    readonly IdToken?: string;
    readonly RefreshToken?: string;
  };
  /** Minutes that a sign-in may take, 3 when left out. */
  readonly AuthSessionValidity?: number;
  readonly PreventUserExistenceErrors?: string;
  readonly RefreshTokenRotation?: { readonly Feature?: string; readonly RetryGracePeriodSeconds?: number };
  readonly GenerateSecret?: boolean;
  readonly [property: string]: unknown;
}

/** What CloudFormation says about a group. */
export interface GroupProperties {
  readonly GroupName: string;
  readonly Description?: string;
  readonly Precedence?: number;
  readonly RoleArn?: string;
}

export interface Pool {
  readonly id: string;
  readonly arn: string;
  readonly properties: UserPoolProperties;
  /** The RSA key that signs the pool's tokens, private parts included. */
  readonly key: JsonWebKey & { readonly kid: string };
  /** Seals what a client carries between the steps of a sign-in, in hex. */
  readonly sealingKey: string;
  readonly createdAt: number;
}

export interface Client {
  readonly id: string;
  readonly poolId: string;
  readonly properties: ClientProperties;
  readonly createdAt: number;
}

export interface Group extends GroupProperties {
  readonly poolId: string;
  readonly createdAt: number;
}

export type UserStatus = 'FORCE_CHANGE_PASSWORD' | 'CONFIRMED' | 'RESET_REQUIRED';

/** What an authenticator app of a user shares with the pool. */
export interface SoftwareToken {
  /** In base 32. */
  readonly secret: string;
  /** Whether the user has shown a code of it. */
  readonly verified: boolean;
  /** Whether it is asked for at sign-in. */
  readonly enabled: boolean;
  readonly preferred: boolean;
  /** The time step of the last code that was taken: each is good once. */
  readonly usedStep?: number;
}

export interface User {
  readonly poolId: string;
  readonly username: string;
  readonly sub: string;
  readonly enabled: boolean;
  readonly status: UserStatus;
  readonly attributes: Readonly<Record<string, string>>;
  /** In hex; undefined until a password is set. */
  readonly salt?: string | undefined;
  readonly verifier?: string | undefined;
  /** Milliseconds since 1970; when a temporary password ends. */
  readonly passwordEndsAt?: number | undefined;
  readonly softwareToken?: SoftwareToken | undefined;
  readonly createdAt: number;
  readonly changedAt: number;
}

/** One sign-in, which all tokens that it gave go back to. */
export interface Session {
  /** The `origin_jti` of its tokens. */
  readonly id: string;
  readonly poolId: string;
  readonly clientId: string;
  readonly username: string;
  /** Seconds since 1970: the `auth_time` of its tokens. */
  readonly signedInAt: number;
  /** Milliseconds since 1970. */
  readonly endsAt: number;
}
