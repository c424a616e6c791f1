import type { IncomingHttpHeaders } from 'node:http';
import type { Caller, Place } from '../aws.ts';
import type { SignedRequest } from '../sigv4.ts';

/** How callers may identify themselves; what a template says about an API's authentication. */
export type AuthMode =
  | {
      readonly type: 'AMAZON_COGNITO_USER_POOLS';
      readonly userPoolId: string;
      /** Only tokens of clients whose id matches are accepted; all when left out. */
      readonly appIdClientRegex?: string;
      /** Whether fields without a directive are open to every user of the pool; ALLOW when left out. */
      readonly defaultAction?: 'ALLOW' | 'DENY';
    }
  | { readonly type: 'AWS_IAM' };

export type DataSource = LambdaDataSource | { readonly type: 'NONE' };

export interface LambdaDataSource {
  readonly type: 'AWS_LAMBDA';
  readonly functionArn: string;
  /** The role with which the function is invoked. */
  readonly roleArn?: string;
}

/** A resolver as the template describes it. Without code, a Lambda function is invoked directly. */
export interface ResolverSource {
  readonly typeName: string;
  readonly fieldName: string;
  /** UNIT when left out. */
  readonly kind?: 'UNIT' | 'PIPELINE';
  readonly dataSourceName?: string;
  readonly code?: string;
  /** Of a pipeline. */
  readonly functions?: readonly FunctionSource[];
  /** Above 0, direct invocations for the items of a list are made together. */
  readonly maxBatchSize?: number;
}

/** A function of a pipeline. */
export interface FunctionSource {
  readonly name: string;
  readonly dataSourceName: string;
  readonly code: string;
}

/** What a function answered, or the name and message of its error. */
export type Invocation =
  | { readonly payload: unknown }
  | { readonly error: { readonly errorType: string; readonly errorMessage: string } };

/** One request, without its body. */
export interface LogEntry {
  readonly apiId: string;
  readonly requestId: string;
  readonly operation: string;
  readonly milliseconds: number;
  readonly errors: readonly string[];
}

export interface AppSyncOptions {
  readonly apiId: string;
  /** The schema, in GraphQL's schema definition language. */
  readonly definition: string;
  /** The default mode first, then the additional ones. */
  readonly authModes: readonly [AuthMode, ...AuthMode[]];
  readonly dataSources: Readonly<Record<string, DataSource>>;
  readonly resolvers: readonly ResolverSource[];
  readonly limits?: {
    /** 1 to 75; unlimited when 0 or left out. */
    readonly queryDepthLimit?: number;
    /** 1 to 10,000, which is also what 0 or nothing means. */
    readonly resolverCountLimit?: number;
  };
  /** ENABLED when left out. */
  readonly introspection?: 'ENABLED' | 'DISABLED';
  /** What resolver code reads as `ctx.env`. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly place: Place;
  /** @throws {AwsError} when the role may not invoke the function */
  readonly invoke: (functionArn: string, payload: unknown, roleArn?: string) => Promise<Invocation>;
  /** The claims of a user pool's token. @throws what is wrong with the token, as the error's message */
  readonly verifyToken: (token: string) => Promise<Readonly<Record<string, unknown>>>;
  /** Who signed a request. @throws what is wrong with the signature, as the error's message */
  readonly verifySignature: (request: SignedRequest) => Caller;
  /** Whether a caller's policies allow an action on a resource; everything is allowed when left out. */
  readonly allows?: (caller: Caller, action: string, resourceArn: string) => boolean;
  /** Asked of every request and handshake with the address of its client; when it says no, the answer is 403. */
  readonly admits?: (
    address: string,
    request: { readonly method: string; readonly headers: IncomingHttpHeaders },
  ) => boolean;
  readonly log?: (entry: LogEntry | { readonly apiId: string; readonly message: string }) => void;
  readonly now?: () => number;
  /** Milliseconds between the `ka` messages of a socket: 60,000 when left out. */
  readonly keepAliveMs?: number;
  /** Milliseconds that a socket may be open without `connection_init`: 30,000 when left out. */
  readonly handshakeMs?: number;
  /** Milliseconds that a request may take: 30,000 when left out, as on AWS. */
  readonly requestTimeoutMs?: number;
}
