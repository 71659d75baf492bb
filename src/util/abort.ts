/**
 * Waits `ms`.
 * @param options.ref false: the wait alone doesn't keep the process from exiting. @default true
 * @throws the signal's reason as soon as it aborts (Node's own `setTimeout` throws an AbortError around it).
 */
export function sleep(
  ms: number,
  signal?: AbortSignal,
  { ref = true }: { readonly ref?: boolean } = {},
): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const leave = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', leave);
      resolve();
    }, ms);
    if (!ref) timer.unref();
    signal?.addEventListener('abort', leave, { once: true });
  });
}

/**
 * The outcome of `work`, unless the signal aborts first; `work` itself goes on then, and how it ends is ignored.
 * @throws what `work` throws; the signal's reason.
 */
export function orAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = () => reject(signal.reason);
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
    work.finally(() => signal.removeEventListener('abort', leave)).then(resolve, reject);
  });
}

/**
 * Like `orAborted`, for work that has to wait for its turn: once it has begun, an abort no longer ends it.
 * @param work calls `begin` when its turn has come; false: the signal has aborted, and it must not begin.
 * @throws what `work` throws; the signal's reason.
 */
export function untilAborted<T>(
  signal: AbortSignal | undefined,
  work: (begin: () => boolean) => Promise<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = () => reject(signal?.reason);
    if (signal?.aborted) return leave();
    signal?.addEventListener('abort', leave, { once: true });
    const begin = () => {
      signal?.removeEventListener('abort', leave);
      return !signal?.aborted;
    };
    work(begin)
      .finally(() => signal?.removeEventListener('abort', leave))
      .then(resolve, reject);
  });
}
