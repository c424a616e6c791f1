import { describe, expect, test } from 'vitest';
import { isOurFault, outcomeOf, outcomeOfFailure } from './outcome.ts';

const answered = (name: string, httpStatusCode: number) =>
  Object.assign(new Error(), { name, $metadata: { httpStatusCode } });
const failed = (code: string) => Object.assign(new Error(), { code, $metadata: {} });

describe('the outcome of an attempt', () => {
  test('that is answered is SENT', async () => {
    expect(await outcomeOf(async () => 'taken')).toEqual({ kind: 'SENT' });
  });

  test.each([
    ['MessageRejected', 400],
    ['MailFromDomainNotVerifiedException', 400],
    ['BadRequestException', 400],
    ['AccountSuspendedException', 400],
    ['NotFoundException', 404],
    ['InvalidParameterException', 400],
    ['OptedOutException', 400],
  ])('is REFUSED after %s', async (name, status) => {
    const outcome = await outcomeOf(() => Promise.reject(answered(name, status)));

    expect(outcome).toEqual({ kind: 'REFUSED', reason: name });
  });

  test('is for somebody to look into when it is refused for more than its address', () => {
    const ours = (name: string, status = 400) => isOurFault(outcomeOfFailure(answered(name, status)));

    expect([ours('MessageRejected'), ours('NotFoundException', 404)]).toEqual([true, true]);
    expect([ours('OptedOutException'), ours('BadRequestException')]).toEqual([false, false]);
    expect([ours('TooManyRequestsException', 429), isOurFault({ kind: 'SENT' })]).toEqual([false, false]);
  });

  test.each([
    answered('TooManyRequestsException', 429),
    answered('Unheard', 429),
    answered('AccessDeniedException', 403),
    answered('AuthorizationErrorException', 403),
    answered('LimitExceededException', 400),
    answered('SendingPausedException', 400),
    answered('Throttling', 400),
    answered('ThrottlingException', 503),
    failed('ECONNREFUSED'),
    failed('ENOTFOUND'),
  ])('is NOT_NOW after $name $code', (error) => {
    expect(outcomeOfFailure(error).kind).toBe('NOT_NOW');
  });

  test.each([
    answered('InternalServiceErrorException', 500),
    answered('ServiceUnavailable', 503),
    answered('RequestTimeout', 408),
    answered('SyntaxError', 200),
    failed('ECONNRESET'),
    failed('ETIMEDOUT'),
    Object.assign(new Error(), { name: 'TimeoutError' }),
    'not even an error',
  ])('is UNKNOWN after %s', (error) => {
    expect(outcomeOfFailure(error).kind).toBe('UNKNOWN');
  });
});
