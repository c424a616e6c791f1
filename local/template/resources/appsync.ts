import type { AppSyncOptions, DataSource, FunctionSource, ResolverSource } from '../../appsync/api.ts';
import type { Created, Properties, Resource, ResourceTypes } from '../deploy.ts';
import { stableId } from '../physical-name.ts';
import { authModes, dataSource, requireRuntime, text, textOf } from './appsync-properties.ts';

/** A GraphQL API as the templates describe it, complete once they are deployed. */
export type ApiDefinition = Pick<
  AppSyncOptions,
  | 'apiId'
  | 'definition'
  | 'authModes'
  | 'dataSources'
  | 'resolvers'
  | 'limits'
  | 'introspection'
  | 'environment'
  | 'place'
> & { readonly arn: string };

interface Draft {
  readonly base: Omit<ApiDefinition, 'definition' | 'dataSources' | 'resolvers'>;
  definition: string | undefined;
  readonly dataSources: Record<string, DataSource>;
  readonly resolvers: ResolverSource[];
  readonly functions: Map<string, FunctionSource>;
}

/** The ARN of an API's endpoint, which targets of rules have. */
export function endpointArnOf({ apiId, place }: Pick<ApiDefinition, 'apiId' | 'place'>): string {
  return `arn:aws:appsync:${place.region}:${place.accountId}:endpoints/graphql-api/${apiId}`;
}

/** `url` is where the API is reached, `realtimeUrl` where its socket is. */
export function appSyncTypes({ url, realtimeUrl }: { url: string; realtimeUrl: string }): {
  types: ResourceTypes;
  apis: () => ApiDefinition[];
} {
  const drafts = new Map<string, Draft>();

  function draftOf({ ApiId }: Properties): Draft {
    const draft = drafts.get(String(ApiId));
    if (draft) return draft;
    throw new Error(`there is no API ${String(ApiId)}`);
  }

  function createApi(properties: Properties, { stack, logicalId, place }: Resource): Created {
    if (drafts.size > 0) throw new Error('there is an API already, and one is all that runs here');
    const apiId = stableId(26, place.accountId, stack, logicalId).toLowerCase();
    const arn = `arn:aws:appsync:${place.region}:${place.accountId}:apis/${apiId}`;
    const introspection = properties.IntrospectionConfig as 'ENABLED' | 'DISABLED' | undefined;
    drafts.set(apiId, {
      base: {
        apiId,
        arn,
        place,
        authModes: authModes(properties),
        limits: {
          queryDepthLimit: Number(properties.QueryDepthLimit ?? 0),
          resolverCountLimit: Number(properties.ResolverCountLimit ?? 0),
        },
        ...(introspection && { introspection }),
        environment: (properties.EnvironmentVariables ?? {}) as Record<string, string>,
      },
      definition: undefined,
      dataSources: {},
      resolvers: [],
      functions: new Map(),
    });
    const attributes = {
      Arn: arn,
      ApiId: apiId,
      GraphQLUrl: url,
      GraphQLEndpointArn: endpointArnOf({ apiId, place }),
      RealtimeUrl: realtimeUrl,
      GraphQLDns: new URL(url).host,
      RealtimeDns: new URL(realtimeUrl).host,
    };
    return { ref: arn, attributes };
  }

  function createSchema(properties: Properties, resource: Resource): Created {
    const draft = draftOf(properties);
    draft.definition = textOf(properties.Definition, properties.DefinitionS3Location, resource);
    return { ref: `${draft.base.apiId}GraphQLSchema` };
  }

  function createDataSource(properties: Properties): Created {
    const draft = draftOf(properties);
    const name = String(properties.Name);
    draft.dataSources[name] = dataSource(properties);
    const arn = `${draft.base.arn}/datasources/${name}`;
    return { ref: arn, attributes: { DataSourceArn: arn, Name: name } };
  }

  function createFunction(properties: Properties, resource: Resource): Created {
    requireRuntime(properties);
    const draft = draftOf(properties);
    const id = stableId(26, resource.place.accountId, resource.stack, resource.logicalId).toLowerCase();
    const code = textOf(properties.Code, properties.CodeS3Location, resource);
    if (code === undefined) throw new Error('a function of a pipeline needs Code');
    const [name, dataSourceName] = [String(properties.Name), String(properties.DataSourceName)];
    draft.functions.set(id, { name, dataSourceName, code });
    const arn = `${draft.base.arn}/functions/${id}`;
    return {
      ref: arn,
      attributes: { FunctionId: id, FunctionArn: arn, Name: name, DataSourceName: dataSourceName },
    };
  }

  function functionsOf(draft: Draft, config: unknown): FunctionSource[] {
    const ids = ((config ?? {}) as { Functions?: string[] }).Functions ?? [];
    return ids.map((id) => {
      const found = draft.functions.get(id);
      if (!found) throw new Error(`the pipeline names the function ${id}, which the API does not have`);
      return found;
    });
  }

  function createResolver(properties: Properties, resource: Resource): Created {
    requireRuntime(properties);
    const draft = draftOf(properties);
    const [typeName, fieldName] = [String(properties.TypeName), String(properties.FieldName)];
    const dataSourceName = text(properties.DataSourceName);
    const code = textOf(properties.Code, properties.CodeS3Location, resource);
    draft.resolvers.push({
      typeName,
      fieldName,
      kind: properties.Kind === 'PIPELINE' ? 'PIPELINE' : 'UNIT',
      ...(dataSourceName !== undefined && { dataSourceName }),
      ...(code !== undefined && { code }),
      functions: functionsOf(draft, properties.PipelineConfig),
      maxBatchSize: Number(properties.MaxBatchSize ?? 0),
    });
    const arn = `${draft.base.arn}/types/${typeName}/resolvers/${fieldName}`;
    return { ref: arn, attributes: { ResolverArn: arn, TypeName: typeName, FieldName: fieldName } };
  }

  const types: ResourceTypes = {
    'AWS::AppSync::GraphQLApi': {
      treatment: 'run',
      properties: {
        Name: 'applied',
        AuthenticationType: 'applied',
        UserPoolConfig: 'applied',
        AdditionalAuthenticationProviders: 'applied',
        EnvironmentVariables: 'applied',
        IntrospectionConfig: 'applied',
        QueryDepthLimit: 'applied',
        ResolverCountLimit: 'applied',
        LogConfig: 'without effect',
        OwnerContact: 'without effect',
        Tags: 'without effect',
        XrayEnabled: 'without effect',
      },
      create: createApi,
    },
    'AWS::AppSync::GraphQLSchema': {
      treatment: 'run',
      properties: { ApiId: 'applied', Definition: 'applied', DefinitionS3Location: 'applied' },
      create: createSchema,
    },
    'AWS::AppSync::DataSource': {
      treatment: 'run',
      properties: {
        ApiId: 'applied',
        Name: 'applied',
        Type: 'applied',
        LambdaConfig: 'applied',
        ServiceRoleArn: 'applied',
        Description: 'without effect',
      },
      create: createDataSource,
    },
    'AWS::AppSync::FunctionConfiguration': {
      treatment: 'run',
      properties: {
        ApiId: 'applied',
        Name: 'applied',
        DataSourceName: 'applied',
        Code: 'applied',
        CodeS3Location: 'applied',
        Runtime: 'applied',
        Description: 'without effect',
      },
      create: createFunction,
    },
    'AWS::AppSync::Resolver': {
      treatment: 'run',
      properties: {
        ApiId: 'applied',
        TypeName: 'applied',
        FieldName: 'applied',
        Kind: 'applied',
        DataSourceName: 'applied',
        Code: 'applied',
        CodeS3Location: 'applied',
        Runtime: 'applied',
        PipelineConfig: 'applied',
        MaxBatchSize: 'applied',
      },
      create: createResolver,
    },
  };

  const apis = () =>
    [...drafts.values()].map(({ base, definition, dataSources, resolvers }) => {
      if (definition === undefined) throw new Error(`The API ${base.apiId} has no schema.`);
      return { ...base, definition, dataSources, resolvers };
    });
  return { types, apis };
}
