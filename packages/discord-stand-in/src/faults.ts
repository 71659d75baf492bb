/** How the REST side misbehaves for requests that match. */
export type FaultKind =
  /** The connection breaks before anything was done. */
  | { readonly kind: 'reset' }
  /** The connection breaks after the work was done, before the answer. */
  | { readonly kind: 'resetAfter' }
  /** An HTTP status (5xx, 401, 403, 404 …) and nothing done; `code` as in Discord's JSON. */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly code?: number | undefined;
      readonly message?: string | undefined;
    }
  /** The answer is sent `ms` later; the work is done at the end. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** 429 with `retryAfter` seconds. */
  | {
      readonly kind: '429';
      readonly retryAfter?: number | undefined;
      readonly scope?: 'user' | 'global' | 'shared' | undefined;
      /** It does not say when to retry: neither in the header nor in the body's field. */
      readonly bare?: boolean | undefined;
    }
  /** The message is accepted, answered with 200, and holds none of its files, or only the first few. */
  | { readonly kind: 'noFiles'; readonly keeps?: number | undefined }
  /** The interaction token in the path expires; the request is then validated with that. */
  | { readonly kind: 'expireToken'; readonly code?: TokenDeath | undefined };

/** Codes that a dying interaction token has been seen to answer with. */
export type TokenDeath = 50027 | 10015 | 10062 | 10008;

/** A fault, the requests it applies to, and how often (@default once; Infinity for always). */
export type Fault = FaultKind & {
  readonly method?: string | undefined;
  /** A regular expression for the path below `/api/v10`, such as `@original$`. */
  readonly route?: string | RegExp | undefined;
  /** The CDN's files (`/attachments/…`) rather than the API; of the kinds, those of an HTTP status and of time. */
  readonly at?: 'api' | 'cdn' | undefined;
  readonly times?: number | undefined;
};

export interface Faults {
  /** Returns a function that removes the fault. */
  add(fault: Fault): () => void;
  clear(): void;
  list(): readonly Fault[];
  /** All faults that meet a request, each used up by one. */
  take(method: string, path: string, at?: 'api' | 'cdn'): Fault[];
}

export interface ArmedFaults extends Faults {
  /** Like `add`, by number: for callers that can't hold a function. */
  arm(fault: Fault): number;
  /** Whether there was one of that number. */
  disarm(id: number): boolean;
  list(): readonly (Fault & { readonly id: number; readonly left: number })[];
}

export function createFaults(): ArmedFaults {
  const armed = new Map<number, { readonly fault: Fault; left: number }>();
  let last = 0;

  function arm(fault: Fault): number {
    last += 1;
    armed.set(last, { fault: { ...fault }, left: fault.times ?? 1 });
    return last;
  }

  return {
    arm,
    add(fault) {
      const id = arm(fault);
      return () => void armed.delete(id);
    },
    disarm: (id) => armed.delete(id),
    clear: () => armed.clear(),
    list: () => [...armed].map(([id, { fault, left }]) => ({ ...fault, id, left })),
    take(method, path, at = 'api') {
      const met = [...armed].filter(
        ([, { fault }]) => (fault.at ?? 'api') === at && meets(fault, method, path),
      );
      for (const [id, entry] of met) {
        entry.left -= 1;
        if (entry.left <= 0) armed.delete(id);
      }
      return met.map(([, { fault }]) => fault);
    },
  };
}

function meets({ method, route }: Fault, givenMethod: string, path: string): boolean {
  if (method !== undefined && method.toUpperCase() !== givenMethod) return false;
  return route === undefined || new RegExp(route).test(path);
}
