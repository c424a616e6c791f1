import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { openStore } from '../store.ts';
import { createS3, type S3 } from './s3.ts';

let s3: S3;

beforeEach(() => {
  s3 = createS3({
    store: openStore(),
    region: 'eu-central-1',
    now: () => Date.parse('2026-01-02T03:04:05Z'),
  });
  s3.createBucket('failures');
});

function send(method: string, url: string, body = '', headers: Record<string, string> = {}) {
  const answer = s3.handle({ method, url, headers, body: Buffer.from(body) });
  return { ...answer, text: answer.body.toString() };
}

const keysOf = (text: string) => [...text.matchAll(/<Key>(.*?)<\/Key>/g)].map((match) => match[1]);

describe('objects', () => {
  it('come back as they were put', () => {
    const put = send('PUT', '/failures/a/b%20%C3%BC.json', '{"a":1}', { 'content-type': 'application/json' });
    expect(put).toMatchObject({ status: 200, headers: { etag: '"bb6cb5c68df4652941caf652a366f2d8"' } });
    const got = send('GET', '/failures/a/b%20%C3%BC.json');
    expect(got).toMatchObject({
      status: 200,
      text: '{"a":1}',
      headers: { 'content-type': 'application/json', etag: put.headers.etag },
    });
    expect(send('HEAD', '/failures/a/b%20%C3%BC.json')).toMatchObject({
      status: 200,
      headers: got.headers,
    });
    expect(Buffer.from(s3.get('failures', 'a/b ü.json')?.body ?? []).toString()).toBe('{"a":1}');
  });

  it('are replaced and removed', () => {
    s3.put('failures', 'k', 'one');
    s3.put('failures', 'k', 'two');
    expect(send('GET', '/failures/k').text).toBe('two');
    expect(send('DELETE', '/failures/k').status).toBe(204);
    expect(send('DELETE', '/failures/k').status).toBe(204);
    expect(send('GET', '/failures/k')).toMatchObject({
      status: 404,
      text: expect.stringContaining('<Code>NoSuchKey</Code>'),
    });
  });

  it('are read out of the chunks that SDKs send', () => {
    const body = '5\r\nhello\r\n6;chunk-signature=x\r\n world\r\n0\r\nx-amz-checksum-crc32:AAAA\r\n\r\n';
    send('PUT', '/failures/k', body, { 'content-encoding': 'aws-chunked' });
    expect(send('GET', '/failures/k').text).toBe('hello world');
  });

  it('outlive the process', async () => {
    const dir = mkdtempSync(join(tmpdir(), 's3-'));
    const store = openStore(join(dir, 'store.sqlite'));
    const first = createS3({ store, region: 'eu-central-1' });
    first.createBucket('kept');
    first.put('kept', 'k', 'body');
    await store.committed();
    store.close();
    const again = openStore(join(dir, 'store.sqlite'));
    const body = createS3({ store: again, region: 'eu-central-1' }).get('kept', 'k')?.body;
    expect(Buffer.from(body ?? []).toString()).toBe('body');
    again.close();
    rmSync(dir, { recursive: true });
  });
});

describe('listing', () => {
  it('gives keys in order, by prefix and page by page', () => {
    for (const key of ['b/2', 'a', 'b/1', 'c', 'b/3']) s3.put('failures', key, key);
    expect(keysOf(send('GET', '/failures?list-type=2').text)).toEqual(['a', 'b/1', 'b/2', 'b/3', 'c']);
    const first = send('GET', '/failures?list-type=2&prefix=b/&max-keys=2').text;
    expect(keysOf(first)).toEqual(['b/1', 'b/2']);
    expect(first).toContain('<IsTruncated>true</IsTruncated>');
    const token = /<NextContinuationToken>(.*)<\/NextContinuationToken>/.exec(first)?.[1];
    const second = send('GET', `/failures?list-type=2&prefix=b/&max-keys=2&continuation-token=${token}`).text;
    expect(keysOf(second)).toEqual(['b/3']);
    expect(second).toContain('<IsTruncated>false</IsTruncated>');
  });

  it('folds what a delimiter parts into common prefixes, also across pages', () => {
    for (const key of ['a', 'b/1', 'b/2', 'c/1', 'd']) s3.put('failures', key, key);
    const seen: string[] = [];
    let token = '';
    do {
      const { text } = send('GET', `/failures?list-type=2&delimiter=/&max-keys=1${token}`);
      seen.push(
        ...[...text.matchAll(/<(?:Key|CommonPrefixes><Prefix)>(.*?)<\//g)].map((match) => match[1] ?? ''),
      );
      const next = /<NextContinuationToken>(.*)<\/NextContinuationToken>/.exec(text)?.[1];
      token = next ? `&continuation-token=${next}` : '';
    } while (token !== '');
    expect(seen).toEqual(['a', 'b/', 'c/', 'd']);
  });

  it('escapes what XML would take for markup', () => {
    s3.put('failures', 'a&<b', '');
    expect(keysOf(send('GET', '/failures?list-type=2').text)).toEqual(['a&#38;&#60;b']);
  });

  it('names the buckets', () => {
    s3.createBucket('another');
    expect(send('GET', '/').text).toMatch(/<Name>another<\/Name>.*<Name>failures<\/Name>/);
    expect(send('HEAD', '/failures').status).toBe(200);
    expect(send('HEAD', '/none').status).toBe(404);
    expect(send('GET', '/failures?location').text).toContain('eu-central-1');
  });
});

describe('what is not there or not run', () => {
  it.each([
    ['GET', '/none/k', 404, 'NoSuchBucket'],
    ['PUT', '/none/k', 404, 'NoSuchBucket'],
    ['GET', '/none', 404, 'NoSuchBucket'],
    ['POST', '/failures/k?uploads', 501, 'NotImplemented'],
    ['PUT', '/newbucket', 501, 'NotImplemented'],
    ['PUT', `/failures/${'k'.repeat(1025)}`, 400, 'KeyTooLongError'],
  ])('%s %s answers %i', (method, path, status, code) => {
    expect(send(method, path)).toMatchObject({
      status,
      text: expect.stringContaining(`<Code>${code}</Code>`),
    });
  });

  it('is an exception in process', () => {
    expect(() => s3.put('none', 'k', '')).toThrow('none');
  });
});
