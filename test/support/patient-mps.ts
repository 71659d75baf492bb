import { once } from 'node:events';
import { createServer } from 'node:http';

/** An MPS whose tasks all run: it has no rate limits and reads no signatures. */
export interface PatientMps {
  readonly url: string;
  /** How often each task was polled. */
  readonly asked: ReadonlyMap<string, number>;
  /** Actions other than Describe. */
  readonly others: readonly string[];
  close(): Promise<void>;
}

export async function startPatientMps(): Promise<PatientMps> {
  const asked = new Map<string, number>();
  const others: string[] = [];
  const server = createServer(async (request, response) => {
    const action = String(request.headers['x-tc-action']);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString());
    const id = typeof body === 'object' && body && 'TaskId' in body ? String(body.TaskId) : '';
    if (action.startsWith('Describe')) asked.set(id, (asked.get(id) ?? 0) + 1);
    else others.push(action);
    const answer = {
      Status: 'RUN',
      ImageUrls: [],
      VideoUrls: [],
      Resolution: '',
      Message: '',
      RequestId: 'r',
    };
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ Response: answer }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    asked,
    others,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
