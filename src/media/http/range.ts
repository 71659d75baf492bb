/** What an answer tells of the file it bears. */
export interface Served {
  /** Where in the file its body begins; 0 for a whole one. Undefined for a range that cannot be understood. */
  readonly from: number | undefined;
  /** Bytes of the whole file, where told. */
  readonly total: number | undefined;
  /** Names these very bytes: a strong ETag (RFC 9110, 8.8.1). */
  readonly etag: string | undefined;
  readonly contentType: string | undefined;
}

/** A part of the file came that was not asked for: what is here of it is of no use. */
export class StrayRangeError extends Error {
  override readonly name = 'StrayRangeError';
}

/** What is here of a file, and how it was served. */
interface Part {
  readonly served: Served;
  readonly bytes: number;
}

/** Reads the head of a 200 or a 206. */
export function servedBy(
  status: number,
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Served {
  const { etag, 'content-type': type } = headers;
  const isStrong = typeof etag === 'string' && /^"[^"]*"$/.test(etag);
  const common = {
    etag: isStrong ? etag : undefined,
    contentType: typeof type === 'string' ? type : undefined,
  };
  if (status !== 206) {
    const length = headers['content-length'];
    return { from: 0, total: length === undefined ? undefined : Number(length), ...common };
  }
  const [, from, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(String(headers['content-range'])) ?? [];
  const isTold = total !== undefined && total !== '*';
  return {
    from: from === undefined ? undefined : Number(from),
    total: isTold ? Number(total) : undefined,
    ...common,
  };
}

/**
 * Asks for what is missing, on condition that the file is still the same (RFC 9110, 13.1.5); empty if that cannot be
 * made sure: then the whole comes again.
 */
export function rangeAsked({ served: { etag }, bytes }: Part): Record<string, string> {
  return etag !== undefined && bytes > 0 ? { range: `bytes=${bytes}-`, 'if-range': etag } : {};
}

/**
 * Whether an answer goes on where the part ends. An answer with the whole file does not.
 * @throws StrayRangeError for a range no one asked for.
 */
export function continues(served: Served, { served: before, bytes }: Part): boolean {
  if (served.from === 0) return false;
  const isSame = served.etag === undefined || served.etag === before.etag;
  const isAsLong = served.total === undefined || before.total === undefined || served.total === before.total;
  if (served.from !== bytes || !isSame || !isAsLong)
    throw new StrayRangeError('The server sent a different range than requested.');
  return true;
}
