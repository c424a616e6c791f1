import type { GraphQLResolveInfo } from 'graphql';
import type { AppSyncOptions, DataSource, Invocation, LambdaDataSource, ResolverSource } from './api.ts';
import { type CodeContext, codeContext, locationOf, pathOf } from './code-context.ts';
import type { OperationContext } from './context.ts';
import { FieldError, locationsOf } from './errors.ts';
import { answerOf, answerOfBatch, type LambdaSource } from './lambda.ts';
import { type Handlers, type Outcome, runHandler } from './runtime/code.ts';
import type { Effects } from './runtime/utils.ts';

/** Gives a field its value. */
export type Resolver = (
  source: unknown,
  args: Readonly<Record<string, unknown>>,
  context: OperationContext,
  info: GraphQLResolveInfo,
) => Promise<unknown>;

/** What resolvers are made with. */
export interface ResolverParts {
  readonly options: AppSyncOptions;
  readonly lambda: LambdaSource;
  readonly handlersOf: (code: string, name: string) => Handlers;
}

/** A request handler, a data source and a response handler, in this order. */
type Step = (code: CodeContext, effects: Effects, context: OperationContext) => Promise<Outcome>;

/** How many functions a pipeline may have. */
const longestPipeline = 10;

/** @throws {Error} that names what of the resolver is not there or not allowed */
export function createResolver(parts: ResolverParts, source: ResolverSource): Resolver {
  const name = `${source.typeName}.${source.fieldName}`;
  if (source.kind === 'PIPELINE') return pipeline(parts, source, name);
  const dataSource = dataSourceOf(parts, source.dataSourceName, name);
  if (source.code === undefined) return direct(parts, source, dataSource, name);
  const step = stepOf(parts, parts.handlersOf(source.code, name), dataSource, source.maxBatchSize ?? 0, name);
  return async (parent, args, context, info) => {
    const effects = effectsOf(parts.options, context, info);
    const code = codeContext(parts.options, parent, args, context, info);
    return finish(effects, context, info, async () => (await step(code, effects, context)).value);
  };
}

function dataSourceOf(
  { options }: ResolverParts,
  dataSourceName: string | undefined,
  name: string,
): DataSource {
  const dataSource = options.dataSources[dataSourceName ?? ''];
  if (!dataSource) {
    throw new Error(
      `The resolver of ${name} needs the data source ${dataSourceName ?? '(none given)'}, which is not there.`,
    );
  }
  return dataSource;
}

function direct(
  parts: ResolverParts,
  source: ResolverSource,
  dataSource: DataSource,
  name: string,
): Resolver {
  if (dataSource.type !== 'AWS_LAMBDA') {
    throw new Error(`The resolver of ${name} has no code, so its data source must be a Lambda function.`);
  }
  const size = source.maxBatchSize ?? 0;
  return async (parent, args, context, info) => {
    const { env: _env, args: _args, ...event } = codeContext(parts.options, parent, args, context, info);
    return size > 0
      ? answerOfBatch(await parts.lambda.enqueue(dataSource, source, context.batches, event, size))
      : answerOf(await parts.lambda.invoke(dataSource, event));
  };
}

function pipeline(parts: ResolverParts, source: ResolverSource, name: string): Resolver {
  const functions = source.functions ?? [];
  if (functions.length > longestPipeline) {
    throw new Error(
      `The pipeline of ${name} has ${functions.length} functions, but at most ${longestPipeline} are allowed.`,
    );
  }
  if (source.code === undefined) throw new Error(`The pipeline of ${name} has no code.`);
  const { request, response } = parts.handlersOf(source.code, name);
  const steps = functions.map((part) =>
    stepOf(
      parts,
      parts.handlersOf(part.code, part.name),
      dataSourceOf(parts, part.dataSourceName, `${name} (${part.name})`),
      0,
      part.name,
    ),
  );
  return async (parent, args, context, info) => {
    const effects = effectsOf(parts.options, context, info);
    const code = codeContext(parts.options, parent, args, context, info);
    return finish(effects, context, info, async () => {
      const before = runHandler(request, code, effects);
      code.prev = { result: before.value };
      if (!before.early) {
        for (const step of steps) {
          const outcome = await step(code, effects, context);
          code.prev = { result: outcome.value };
          if (outcome.early === 'END') break;
        }
      }
      code.result = code.prev.result;
      delete code.error;
      return runHandler(response, code, effects).value;
    });
  };
}

function stepOf(
  { lambda }: ResolverParts,
  handlers: Handlers,
  dataSource: DataSource,
  batchSize: number,
  name: string,
): Step {
  return async (code, effects, context) => {
    delete code.result;
    delete code.error;
    const asked = runHandler(handlers.request, code, effects);
    if (asked.early) return asked;
    const { operation, payload } = (asked.value ?? {}) as { operation?: unknown; payload?: unknown };
    if (dataSource.type === 'NONE') {
      code.result = payload ?? null;
    } else {
      const result = await callFunction(operation, dataSource, payload);
      if ('error' in result) {
        code.error = { message: result.error.errorMessage, type: 'Lambda:Unhandled' };
        code.result = null;
      } else {
        code.result = result.payload;
      }
    }
    return runHandler(handlers.response, code, effects);

    function callFunction(kind: unknown, called: LambdaDataSource, input: unknown): Promise<Invocation> {
      if (kind === 'Invoke') return lambda.invoke(called, input);
      if (kind === 'BatchInvoke') {
        return lambda.enqueue(called, handlers, context.batches, input, Math.max(1, batchSize));
      }
      throw new FieldError(
        `The request of ${name} has the operation ${String(kind)}, but a Lambda data source takes Invoke and BatchInvoke.`,
        'MappingTemplate',
      );
    }
  };
}

/** Waits for the value; errors that the code appended stand beside it, or beside its own error. */
async function finish(
  effects: Effects,
  context: OperationContext,
  info: GraphQLResolveInfo,
  run: () => Promise<unknown>,
): Promise<unknown> {
  try {
    return await run();
  } finally {
    for (const error of effects.appended) {
      context.appended.push({
        path: pathOf(info),
        data: error.data,
        errorType: error.errorType,
        errorInfo: error.errorInfo,
        locations: locationsOf(locationOf(info)),
        message: error.message,
      });
    }
    if (context.started) {
      if (effects.filter !== undefined) context.started.filter = effects.filter;
      if (effects.invalidationFilter) context.started.invalidationFilter = effects.invalidationFilter;
    }
  }
}

function effectsOf(options: AppSyncOptions, context: OperationContext, info: GraphQLResolveInfo): Effects {
  return {
    typeName: info.parentType.name,
    fieldName: info.fieldName,
    authType: context.requester.mode === 'AWS_IAM' ? 'IAM Authorization' : 'User Pool Authorization',
    appended: [],
    invalidations: context.invalidations,
    responseHeaders: context.responseHeaders,
    log: (message) => options.log?.({ apiId: options.apiId, message }),
  };
}
