/** What a response says about its file. */
export interface Served {
  /** Offset of its body in the file; 0 for a complete one. Undefined for an unparsable range. */
  readonly from: number | undefined;
  /** Size of the whole file, if known. */
  readonly total: number | undefined;
  /** Names these very bytes: a strong ETag (RFC 9110, 8.8.1). */
  readonly etag: string | undefined;
  readonly contentType: string | undefined;
}

/** A range was sent that wasn't requested: the partial file is useless. */
export class StrayRangeError extends Error {
  override readonly name = 'StrayRangeError';
}

/** A partial file, and how it was served. */
interface Part {
  readonly served: Served;
  readonly bytes: number;
}

/** Parses the headers of a 200 or 206. */
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
 * Headers that request the rest if the file is unchanged (RFC 9110, 13.1.5); empty if that can't be ensured: then the
 * whole file is sent.
 */
export function rangeAsked({ served: { etag }, bytes }: Part): Record<string, string> {
  return etag !== undefined && bytes > 0 ? { range: `bytes=${bytes}-`, 'if-range': etag } : {};
}

/**
 * True if a response continues the partial file; false if it has the whole file.
 * @throws StrayRangeError for a range that wasn't requested.
 */
export function continues(served: Served, { served: before, bytes }: Part): boolean {
  if (served.from === 0) return false;
  const isSame = served.etag === undefined || served.etag === before.etag;
  const isAsLong = served.total === undefined || before.total === undefined || served.total === before.total;
  if (served.from !== bytes || !isSame || !isAsLong)
    throw new StrayRangeError('The server sent a different range than requested.');
  return true;
}
