import { expect, test } from 'vitest';
import { createRateLimits } from '../src/rest/rate-limits.js';

const messages = '/channels/1/messages';

test('allows five messages in five seconds per channel, then tells how long to wait', () => {
  let time = 0;
  const limits = createRateLimits(1, () => time);
  for (let count = 0; count < 5; count += 1) expect(limits.take('POST', messages).retryAfter).toBeUndefined();
  time = 1500;
  expect(limits.take('POST', messages)).toMatchObject({ retryAfter: 3.5, global: false });
  expect(limits.take('POST', '/channels/2/messages').retryAfter).toBeUndefined();
  time = 5000;
  expect(limits.take('POST', messages).headers).toMatchObject({ 'x-ratelimit-remaining': '4' });
});

test('allows fifty requests a second in total, apart from interactions', () => {
  const limits = createRateLimits(1, () => 0);
  for (let count = 0; count < 50; count += 1) limits.take('GET', '/users/@me');
  expect(limits.take('GET', '/users/@me')).toMatchObject({ retryAfter: 1, global: true });
  expect(limits.take('POST', '/interactions/1/x/callback').retryAfter).toBeUndefined();
  expect(limits.take('PATCH', '/webhooks/1/x/messages/@original').retryAfter).toBeUndefined();
});
