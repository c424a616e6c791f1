import { expect, test } from 'vitest';
import { smtpPasswordOf } from './smtp-password.ts';

test('a password is what the published script makes of the key for the region', () => {
  const secret = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';

  expect(smtpPasswordOf(secret, 'us-east-1')).toBe('BLBM/9hSUELfq8Gw+rU1YcBjkOxGbhT2XG763xVLGWL9');
  expect(smtpPasswordOf(secret, 'eu-west-2')).not.toBe(smtpPasswordOf(secret, 'us-east-1'));
});
