import type { RestNeeds } from '../need.ts';

/**
 * What each call of Lambda needs: Invoke, of which each kind needs the same, and what is done with event source mappings
 * (https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html).
 */
export const lambdaNeeds: RestNeeds = {
  keys: ['lambda:functionurlauthtype', 'lambda:invokedviafunctionurl'],
  needsOf({ method, url }, { place }) {
    const { pathname } = new URL(url, 'http://lambda');
    const mapping = /^\/2015-03-31\/event-source-mappings\/([^/]*)/.exec(pathname)?.[1];
    if (mapping === '') return [{ action: 'lambda:ListEventSourceMappings', resource: '*' }];
    if (mapping !== undefined) {
      const action = `lambda:${method === 'PUT' ? 'Update' : 'Get'}EventSourceMapping`;
      const prefix = `arn:aws:lambda:${place.region}:${place.accountId}:event-source-mapping:`;
      return [{ action, resource: `${prefix}${mapping}` }];
    }
    const name = /^\/2015-03-31\/functions\/([^/]+)\/invocations\/?$/.exec(pathname)?.[1];
    if (name === undefined) return [{ action: 'lambda:InvokeFunction', resource: '*' }];
    const decoded = decodeURIComponent(name);
    const prefix = `arn:aws:lambda:${place.region}:${place.accountId}:function:`;
    const resource = decoded.startsWith('arn:') ? decoded : `${prefix}${decoded}`;
    return [{ action: 'lambda:InvokeFunction', resource }];
  },
};

/**
 * What everybody must be allowed to do with a function so that its address answers them
 * (https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html).
 */
export function functionUrlNeeds(functionArn: string) {
  return [
    {
      action: 'lambda:InvokeFunctionUrl',
      resource: functionArn,
      keys: { 'lambda:functionurlauthtype': () => ['NONE'] },
    },
    {
      action: 'lambda:InvokeFunction',
      resource: functionArn,
      keys: { 'lambda:invokedviafunctionurl': () => ['true'] },
    },
  ];
}
