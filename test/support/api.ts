import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Refusal } from '../../domain/errors.ts';
import type { Actor } from '../../domain/team/actor.ts';
import type { ApiEvent, Envelope } from '../../functions/runtime/api.ts';
import { type ApiFunction, manifest } from '../../graphql/manifest.ts';
import { apiGrants, type TableGrants } from '../../infra/grants.ts';
import { loadTenant } from '../../infra/tenant.ts';
import { configOf } from '../../infra/tenant-config.ts';
import { type Aws, startAws } from './aws.ts';
import { user } from './domain.ts';
import { rightsGranted } from './rights.ts';

/** Users of the demo firm. */
export const users = {
  admin: user('admin', ['admin']),
  /** Sells in the north. */
  nora: user('nora', ['sales'], ['north']),
  /** Sells in the north as well. */
  ned: user('ned', ['sales'], ['north']),
  /** Sells in the south. */
  sue: user('sue', ['sales'], ['south']),
  analyst: user('analyst', ['analyst']),
  importer: user('importer', ['integration']),
} as const;

/** What a client sends beside the arguments. */
export interface Asked {
  /** The parent, as a function answered it. */
  readonly source?: unknown;
  /** Paths of the selected fields, as AppSync lists them. */
  readonly selects?: readonly string[];
  /** What the caller's token says beside who it is. */
  readonly claims?: Readonly<Record<string, unknown>>;
}

/** What a mutation answers that made or changed something. */
export interface Created extends Readonly<Record<string, unknown>> {
  readonly id: string;
  readonly version: number;
}

/** A connection, as a client sees it. */
export interface Page<T> {
  readonly edges: readonly { readonly node: T; readonly cursor: string }[];
  readonly nodes: readonly T[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

/** All nodes of a list, walked page by page; fails when nodes and edges of a page differ. */
export async function pagesOf<T>(read: (after: string | null) => Promise<Page<T>>): Promise<T[]> {
  const nodes: T[] = [];
  let after: string | null = null;
  for (;;) {
    const page: Page<T> = await read(after);
    expect(page.edges.map(({ node }) => node)).toEqual(page.nodes);
    expect(page.edges.at(-1)?.cursor ?? null).toBe(page.pageInfo.endCursor);
    nodes.push(...page.nodes);
    if (!page.pageInfo.hasNextPage) return nodes;
    after = page.pageInfo.endCursor;
  }
}

/** What the infrastructure puts beside the functions of the demo firm, with other teams when they are given. */
function tenantConfigFile(teams?: readonly string[]): string {
  const file = join(mkdtempSync(join(tmpdir(), 'fidelia-config-')), 'tenant.json');
  writeFileSync(file, JSON.stringify({ ...configOf(loadTenant('demo')), ...(teams && { teams }) }));
  return file;
}

type Handler = (event: ApiEvent, context: never) => Promise<Envelope>;

/** Sets the environment that the template gives, before any handler is imported. */
export async function startEnvironment(teams?: readonly string[]): Promise<Aws> {
  const aws = await startAws();
  Object.assign(process.env, aws.environment, {
    TENANT: 'demo',
    TENANT_CONFIG_FILE: tenantConfigFile(teams),
    GRAPHQL_URL: 'http://127.0.0.1:9/graphql',
    POWERTOOLS_SERVICE_NAME: 'test',
    POWERTOOLS_LOG_LEVEL: 'SILENT',
    AWS_LAMBDA_LOG_LEVEL: undefined,
  });
  return aws;
}

/**
 * The functions of the API over tables of their own, called as AppSync calls them.
 *
 * @param teams of the firm, when not those of the tenant file
 */
export async function startApi(teams?: readonly string[]) {
  const aws = await startEnvironment(teams);
  const handlers: Readonly<Record<ApiFunction, Handler>> = {
    customers: (await import('../../functions/api/customers/handler.ts')).handler as Handler,
    insights: (await import('../../functions/api/insights/handler.ts')).handler as Handler,
    interactions: (await import('../../functions/api/interactions/handler.ts')).handler as Handler,
    notifications: (await import('../../functions/api/notifications/handler.ts')).handler as Handler,
    partners: (await import('../../functions/api/partners/handler.ts')).handler as Handler,
    nodes: (await import('../../functions/api/nodes/handler.ts')).handler as Handler,
    sales: (await import('../../functions/api/sales/handler.ts')).handler as Handler,
    team: (await import('../../functions/api/team/handler.ts')).handler as Handler,
  };

  // What runs at the same time shares its rights: calls do not say whose they are.
  const running: TableGrants[] = [];
  aws.guard(
    (right) =>
      running.length === 0 || running.some((grants) => rightsGranted(grants, aws.tables).includes(right)),
  );

  async function within<T>(grants: TableGrants, act: () => Promise<T>): Promise<T> {
    running.push(grants);
    try {
      return await act();
    } finally {
      running.splice(running.indexOf(grants), 1);
    }
  }

  /** The envelope that the function answers, as it crosses the wire. */
  async function call(actor: Actor, field: string, args: unknown, asked: Asked = {}): Promise<Envelope> {
    const source = manifest[field];
    if (!source || source === 'publish') throw new Error(`No function answers ${field}`);
    const [parentTypeName = '', fieldName = ''] = field.split('.');
    const event = {
      arguments: args,
      identity: { ...identityOf(actor), claims: asked.claims ?? {} },
      source: asked.source ?? null,
      info: { parentTypeName, fieldName, selectionSetList: withParents(asked.selects ?? []) },
    };
    const envelope = await within(apiGrants[source], () =>
      handlers[source](wire(event) as ApiEvent, { awsRequestId: 'req_1' } as never),
    );
    return wire(envelope) as Envelope;
  }

  return {
    aws,
    call,
    /** Does something with no other rights on the tables than these; calls of the API have those of their function. */
    within,
    /** The value of a field; what is refused is thrown. */
    ask: async <T = Record<string, unknown>>(actor: Actor, field: string, args: unknown, asked?: Asked) => {
      const envelope = await call(actor, field, args, asked);
      if (envelope.ok) return envelope.value as T;
      throw new Error(`${field} was refused with ${envelope.error.code}: ${envelope.error.message}`);
    },
    /** The refusal of a field; a value is thrown. */
    refusal: async (actor: Actor, field: string, args: unknown, asked?: Asked) => {
      const envelope = await call(actor, field, args, asked);
      if (envelope.ok) throw new Error(`${field} was not refused: ${JSON.stringify(envelope.value)}`);
      return envelope.error as unknown as Pick<Refusal, 'code' | 'message' | 'info'>;
    },
  };
}

export type Api = Awaited<ReturnType<typeof startApi>>;

function identityOf({ id, username, roles, teams }: Actor) {
  const groups = [...roles, ...teams.map((team) => `team-${team}`)];
  return { sub: id.slice('usr_'.length), username, groups, issuer: '', sourceIp: [] };
}

/** What is left of a value after it was JSON on the wire. */
export const wire = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** As AppSync lists a selection: what stands in a field comes after the field itself. */
function withParents(paths: readonly string[]): string[] {
  const all = paths.flatMap((path) => {
    const names = path.split('/');
    return names.map((_, index) => names.slice(0, index + 1).join('/'));
  });
  return [...new Set(all)];
}
