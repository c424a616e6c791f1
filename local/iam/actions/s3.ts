import type { Keys, Need, RestNeeds } from '../need.ts';

const OBJECT_ACTIONS: Readonly<Record<string, string>> = {
  PUT: 'PutObject',
  GET: 'GetObject',
  HEAD: 'GetObject',
  DELETE: 'DeleteObject',
};

/** The wire of the local cloud stands for that of AWS, whose SDKs speak TLS 1.3. */
const common: Keys = {
  's3:tlsversion': () => ['1.3'],
  's3:signatureversion': () => ['AWS4-HMAC-SHA256'],
  's3:authtype': () => ['REST-HEADER'],
};

function listKeys(query: URLSearchParams): Keys {
  const queryValue = (name: string) => () => {
    const value = query.get(name);
    return value === null ? undefined : [value];
  };
  return {
    ...common,
    's3:prefix': queryValue('prefix'),
    's3:delimiter': queryValue('delimiter'),
    's3:max-keys': queryValue('max-keys'),
  };
}

const need = (action: string, resource: string, keys = common): Need[] => [
  { action: `s3:${action}`, resource, keys },
];

/**
 * What each call of S3 needs:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
 */
export const s3Needs: RestNeeds = {
  keys: [...Object.keys(common), 's3:prefix', 's3:delimiter', 's3:max-keys'],
  needsOf({ method, url }) {
    const { pathname, searchParams } = new URL(url, 'http://s3');
    const [bucket = '', ...rest] = pathname.slice(1).split('/').map(decodeURIComponent);
    const key = rest.join('/');
    if (bucket === '') return need('ListAllMyBuckets', '*');
    const arn = `arn:aws:s3:::${bucket}`;
    if (key !== '') return need(OBJECT_ACTIONS[method] ?? `${method}Object`, `${arn}/${key}`);
    if (searchParams.has('location')) return need('GetBucketLocation', arn);
    return need(
      method === 'GET' || method === 'HEAD' ? 'ListBucket' : `${method}Bucket`,
      arn,
      listKeys(searchParams),
    );
  },
};
