import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createRests } from '../../../src/discord/rest/clients.js';
import { createCosAddresses, createCosBucket } from '../../../src/media/cos/bucket.js';
import { download } from '../../../src/media/http/download.js';
import { createAddressRule } from '../../../src/media/http/url-guard.js';
import { createSpool } from '../../../src/media/storage/spool.js';
import { createTransport } from '../../../src/mps/api/transport.js';
import { request, userAgent, version } from '../../../src/util/http.js';
import { type FileServer, startFileServer } from '../../support/files.js';

/** How a request to a server named itself. */
async function agentOf(ask: (server: FileServer) => Promise<unknown>): Promise<string | undefined> {
  await using server = await startFileServer();
  let agent: string | undefined;
  server.answers((response, { headers }) => {
    agent = headers['user-agent'];
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  await ask(server);
  return agent;
}
const signal = new AbortController().signal;

describe('Easel names itself and its version', () => {
  it('which is the package’s', () => {
    expect(version).toBe(JSON.parse(readFileSync('package.json', 'utf8')).version);
    expect(userAgent).toBe(`Easel/${version}`);
  });

  it('to every host that it downloads from', async () => {
    const agent = await agentOf(async ({ url }) => {
      const [addresses, spool] = [createAddressRule(url), await createSpool()];
      await download(`${url}/fox.png`, { addresses, spool, signal, maxBytes: 9, stallMs: 5_000 });
      await Promise.all([addresses.close(), spool.close()]);
    });
    expect(agent).toBe(userAgent);
  });

  it('to MPS', async () => {
    const agent = await agentOf(async ({ url: origin }) => {
      const transport = createTransport();
      const about = { origin, headers: {}, body: '{}', precious: false, signal, onWrite() {} };
      await transport.send(about);
      await transport.close();
    });
    expect(agent).toBe(userAgent);
  });

  it("to the operator's bucket", async () => {
    const agent = await agentOf(async ({ url }) => {
      const place = { bucket: 'pictures-1250000000', region: 'ap-guangzhou', endpoint: url };
      const addresses = createCosAddresses(place);
      const credentials = { secretId: 'id', secretKey: 'key' };
      await createCosBucket({ ...place, addresses, credentials, now: Date.now }).get('a.png', { signal });
      await addresses.close();
    });
    expect(agent).toBe(userAgent);
  });

  it('to Discord behind the name that Discord asks for', async () => {
    const agent = await agentOf(({ url }) => createRests(url, 'a.b.c').bot.get('/gateway/bot'));
    expect(agent).toMatch(/^DiscordBot \(.+, .+\)/);
    expect(agent).toContain(userAgent);
  });

  it('with other headers beside it', async () => {
    const agent = await agentOf(async ({ url }) => {
      const { body } = await request(url, { headers: { 'x-other': '1' } });
      await body.dump();
    });
    expect(agent).toBe(userAgent);
  });

  it('and nothing goes out by another way', () => {
    const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter(
      (file) => file.endsWith('.ts') && file !== 'util/http.ts',
    );
    const strays = files.filter((file) => {
      const text = readFileSync(join('src', file), 'utf8');
      return (
        /import \{[^}]*\b(request|fetch|stream|pipeline)\b[^}]*\} from 'undici'/.test(text) ||
        /\bglobalThis\.fetch\b|\bfetch\(['"`]/.test(text) ||
        /import \{[^}]*\b(request|get|Agent)\b[^}]*\} from 'node:https?'/.test(text)
      );
    });
    expect(strays).toEqual([]);
  });
});
