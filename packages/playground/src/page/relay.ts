import { ControlError } from '@easel/stand-in-kit';

const patienceMs = 2_000;

export interface Relayed {
  readonly method?: string;
  readonly body?: unknown;
  /** Whether the target is optional: the answer is undefined without it. */
  readonly mayBeAway?: boolean;
}

/**
 * Asks another server on this machine, so that the page itself talks to one origin alone: JSON as it is, other text as
 * `{text}`. Throws ControlError with the other's status, 502 if no one answers.
 */
export async function relay(origin: string, path: string, request: Relayed = {}): Promise<unknown> {
  const { method = 'GET', body, mayBeAway = false } = request;
  const response = await fetch(origin + path, {
    method,
    signal: AbortSignal.timeout(patienceMs),
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  }).catch((error: unknown) => {
    if (mayBeAway) return undefined;
    throw new ControlError(502, `${origin} does not answer: ${String(error)}`);
  });
  if (!response) return undefined;
  const text = await response.text();
  if (!response.ok) throw new ControlError(response.status, text.slice(0, 500));
  if (text === '') return undefined;
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return isJson ? JSON.parse(text) : { text };
}
