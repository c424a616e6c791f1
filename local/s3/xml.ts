import type { Bucket, Page } from './objects.ts';

const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';
const namespace = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';

export function listBucketsXml(buckets: readonly Bucket[]): string {
  const entries = buckets.map(({ name, createdAt }) =>
    element('Bucket', element('Name', escaped(name)) + element('CreationDate', iso(createdAt))),
  );
  const owner = element('Owner', element('ID', 'local'));
  return `${declaration}<ListAllMyBucketsResult ${namespace}>${owner}${element('Buckets', entries.join(''))}</ListAllMyBucketsResult>`;
}

export interface ObjectListing extends Page {
  readonly bucket: string;
  readonly prefix: string;
  readonly delimiter: string;
  readonly max: number;
}

export function listObjectsXml(listing: ObjectListing): string {
  const { contents, commonPrefixes, next } = listing;
  const parts = [
    element('Name', escaped(listing.bucket)),
    element('Prefix', escaped(listing.prefix)),
    listing.delimiter === '' ? '' : element('Delimiter', escaped(listing.delimiter)),
    element('MaxKeys', String(listing.max)),
    element('KeyCount', String(contents.length + commonPrefixes.length)),
    element('IsTruncated', String(next !== undefined)),
    next === undefined ? '' : element('NextContinuationToken', Buffer.from(next).toString('base64url')),
    ...contents.map(({ key, etag, size, modifiedAt }) =>
      element(
        'Contents',
        element('Key', escaped(key)) +
          element('LastModified', iso(modifiedAt)) +
          element('ETag', escaped(etag)) +
          element('Size', String(size)) +
          element('StorageClass', 'STANDARD'),
      ),
    ),
    ...commonPrefixes.map((prefix) => element('CommonPrefixes', element('Prefix', escaped(prefix)))),
  ];
  return `${declaration}<ListBucketResult ${namespace}>${parts.join('')}</ListBucketResult>`;
}

export function errorXml(code: string, message: string): string {
  return declaration + element('Error', element('Code', code) + element('Message', escaped(message)));
}

function element(name: string, content: string): string {
  return `<${name}>${content}</${name}>`;
}

function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
