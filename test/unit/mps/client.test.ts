import { expect, it } from 'vitest';
import { silentLog } from '../../../src/log.js';
import { createMpsClient } from '../../../src/mps/client.js';
import { createLimits } from '../../../src/mps/limits.js';
import { created, described, startServer } from './server.js';

it('smoke', async () => {
  await using server = await startServer(created('t1'));
  const limits = createLimits();
  const client = createMpsClient({
    endpoint: server.url,
    region: 'ap-guangzhou',
    credentials: { secretId: 'a', secretKey: 'b' },
    limits,
    log: silentLog,
  });
  const signal = new AbortController().signal;
  expect(
    await client.create(
      {
        action: 'CreateAigcImageTask',
        body: { ModelName: 'Kling', ModelVersion: '3.0', Prompt: 'x', EnhancePrompt: true },
      },
      { signal },
    ),
  ).toMatchObject({ taskId: 't1' });
  server.next(described({ Status: 'DONE', ImageUrls: ['http://x/y'], Message: 'ok' }));
  expect(await client.describe('image', () => 't1', { signal })).toMatchObject({
    status: 'DONE',
    urls: ['http://x/y'],
  });
  await client.close();
  await limits.close();
});
