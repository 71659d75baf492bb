/** COS did not do what it was asked. */
export class CosError extends Error {
  override readonly name = 'CosError';
  /** HTTP status; undefined if no answer came. */
  readonly status: number | undefined;
  /** COS's own word for it: `AccessDenied`, `NoSuchBucket`, `SignatureDoesNotMatch` … */
  readonly code: string | undefined;
  readonly requestId: string | undefined;
  constructor(
    method: string,
    answer: { status?: number; code?: string | undefined; requestId?: string | undefined },
    options?: ErrorOptions,
  ) {
    const { status, code, requestId } = answer;
    const said = status === undefined ? 'gave no answer' : `answered ${status} ${code ?? ''}`.trimEnd();
    super(`COS ${said} to a ${method}${requestId ? ` (request ${requestId})` : ''}.`, options);
    this.status = status;
    this.code = code;
    this.requestId = requestId;
  }
}

/** What COS says in an answer that is no success. */
export function readCosError(method: string, status: number, said: string): CosError {
  return new CosError(method, {
    status,
    code: /<Code>([\w.-]{1,100})<\/Code>/.exec(said)?.[1],
    requestId: /<RequestId>([\w.=+/-]{1,100})<\/RequestId>/.exec(said)?.[1],
  });
}

/** The key lacks the right: nothing but the operator's hand changes that. A clock that is off may be set right. */
export function isRefusal(error: unknown): boolean {
  if (!(error instanceof CosError) || (error.status !== 401 && error.status !== 403)) return false;
  return error.code !== 'RequestTimeTooSkewed';
}
