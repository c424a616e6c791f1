import { Hash } from '@smithy/hash-node';
import { SignatureV4 } from '@smithy/signature-v4';

export interface SignedPost {
  readonly url: string;
  /** @default POST */
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly service: string;
  readonly region: string;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Sends as a client of AWS does that has no SDK here. */
export async function signedPost(post: SignedPost): Promise<Response> {
  const { url, method = 'POST', service, region, credentials, headers = {}, body } = post;
  const { protocol, hostname, port, host, pathname } = new URL(url);
  const signer = new SignatureV4({ service, region, credentials, sha256: Hash.bind(null, 'sha256') });
  const signed = await signer.sign({
    method,
    protocol,
    hostname,
    port: Number(port),
    path: pathname,
    headers: { host, ...headers },
    body,
  });
  return fetch(url, { method, headers: signed.headers, ...(method === 'GET' ? {} : { body }) });
}
