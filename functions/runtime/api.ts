import middy from '@middy/core';
import type { AppSyncIdentityCognito, Context } from 'aws-lambda';
import type { Cause } from '../../domain/change.ts';
import { type ErrorInfo, isRefusal, Refusal } from '../../domain/errors.ts';
import { type Actor, actorOf } from '../../domain/team/actor.ts';
import { freshId } from './ids.ts';
import { logger } from './logger.ts';
import { asSelected, type Fields, maySelect } from './selection.ts';

/** One field that a client asked for: `Args` as the schema types them. */
export interface ApiRequest<Args = unknown, Source = unknown> {
  readonly args: Args;
  /** The parent, as one of our functions answered it. */
  readonly source: Source;
  readonly actor: Actor;
  /** What the token says beside who the caller is, as far as it does: only an id token does. */
  readonly claims: { readonly email?: string; readonly name?: string };
  /** The present, as ISO 8601 in UTC: read once a request. */
  readonly now: string;
  /** Stamps a change that this request makes. */
  cause(): Cause;
  /** Whether the client may have selected the field at a path below the answer, such as `nodes/body`; see `maySelect`. */
  selects(path: string, fields: Fields): boolean;
}

/** Answers a field, or throws a `Refusal`. */
export type FieldHandler = (request: ApiRequest<never, never>) => Promise<unknown>;

/** Decides whether a client may subscribe, and what it gets: the filter of AppSync's enhanced filtering. */
export type SubscriptionHandler = (request: ApiRequest<never, never>) => Promise<SubscriptionFilter>;

export interface SubscriptionFilter {
  readonly filterGroup: readonly {
    readonly filters: readonly {
      readonly fieldName: string;
      readonly operator: string;
      readonly value: unknown;
    }[];
  }[];
}

/** What a function answers: AppSync keeps only name and message of an exception, so a refusal travels as a value. */
export type Envelope =
  | { readonly ok: true; readonly value: unknown; readonly subscriptionFilter?: SubscriptionFilter }
  | {
      readonly ok: false;
      readonly error: { readonly code: string; readonly message: string; readonly info: ErrorInfo };
    };

/** The event that the shared resolver hands over. */
export interface ApiEvent {
  readonly arguments: unknown;
  readonly identity: AppSyncIdentityCognito | null;
  readonly source: unknown;
  readonly info: {
    readonly parentTypeName: string;
    readonly fieldName: string;
    readonly selectionSetList: readonly string[];
  };
}

/** The Lambda handler of a context: one handler a field, by the names of the schema. */
export function apiHandler(
  fields: Readonly<Record<string, FieldHandler>>,
  subscriptions: Readonly<Record<string, SubscriptionHandler>> = {},
) {
  return middy<ApiEvent, Envelope, Error>()
    .use({ onError: refuse })
    .handler(async (event: ApiEvent, context: Context): Promise<Envelope> => {
      const name = `${event.info.parentTypeName}.${event.info.fieldName}`;
      const request = toRequest(event, name, context.awsRequestId);
      const subscription = subscriptions[name];
      if (subscription) return { ok: true, value: null, subscriptionFilter: await subscription(request) };
      const field = fields[name];
      if (!field)
        throw new Error(`No handler answers ${name}: add it to this function or correct the manifest`);
      return { ok: true, value: asSelected((await field(request)) ?? null, event.info.selectionSetList) };
    });
}

function toRequest(event: ApiEvent, name: string, requestId: string): ApiRequest<never, never> {
  const { arguments: args, identity, source, info } = event;
  if (!identity || !('sub' in identity)) {
    throw new Refusal('ACCESS.DENIED', 'Only signed-in users may ask this: sign in with the user pool');
  }
  const actor = actorOf(`usr_${identity.sub}`, identity.username, identity.groups ?? []);
  if (actor.roles.length === 0) {
    throw new Refusal('ACCESS.DENIED', `${actor.username} is in no group: ask an admin for one`);
  }
  const now = new Date().toISOString();
  return {
    args: args as never,
    source: source as never,
    actor,
    claims: claimsOf(identity.claims),
    now,
    cause: () => ({ id: freshId(), at: now, actor: actor.id, reason: name, correlationId: requestId }),
    selects: (path, fields) => maySelect(info.selectionSetList, path, fields),
  };
}

function claimsOf(claims: unknown): ApiRequest['claims'] {
  const { email, name } = (claims ?? {}) as Record<string, unknown>;
  return {
    ...(typeof email === 'string' ? { email } : {}),
    ...(typeof name === 'string' ? { name } : {}),
  };
}

function refuse(request: middy.Request<ApiEvent, Envelope, Error>): Envelope {
  const { error, context, event } = request;
  if (error && isRefusal(error)) {
    return { ok: false, error: { code: error.code, message: error.message, info: error.info } };
  }
  const correlationId = context.awsRequestId;
  logger.error('The request failed unexpectedly', {
    correlationId,
    field: event.info?.fieldName,
    error: error ?? {},
  });
  return {
    ok: false,
    error: {
      code: 'INTERNAL',
      message: `Something went wrong on our side: try again, and report ${correlationId} if it stays`,
      info: { correlationId },
    },
  };
}
