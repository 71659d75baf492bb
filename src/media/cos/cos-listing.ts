/** An object as a listing shows it. */
export interface CosObject {
  readonly key: string;
  /** Its length. */
  readonly bytes: number;
}

/** One page of a listing, and where the next one begins; undefined: it was the last. */
export interface CosPage {
  readonly objects: readonly CosObject[];
  readonly next?: string;
}

/**
 * Reads the answer to "GET Bucket" (Tencent Cloud docs: COS › List Objects). A page without what belongs to it counts as
 * empty: a listing proves what is there, never what is not.
 */
export function readPage(xml: string): CosPage {
  const objects = [...xml.matchAll(/<Contents>([\s\S]*?)<\/Contents>/g)].flatMap(([, entry = '']) => {
    const key = field(entry, 'Key');
    return key === undefined ? [] : [{ key, bytes: Number(field(entry, 'Size') ?? Number.NaN) }];
  });
  const isCut = field(xml, 'IsTruncated') === 'true';
  const next = isCut ? (field(xml, 'NextMarker') ?? objects.at(-1)?.key) : undefined;
  return { objects, ...(next && { next }) };
}

function field(xml: string, name: string): string | undefined {
  const [, value] = new RegExp(`<${name}>([\\s\\S]*?)</${name}>`).exec(xml) ?? [];
  return value === undefined ? undefined : plain(value);
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** XML's text as it was before it was escaped. */
function plain(text: string): string {
  return text.replace(/&(#x[0-9a-f]{1,6}|#\d{1,7}|\w{2,4});/gi, (whole, name: string) => {
    if (!name.startsWith('#')) return entities[name] ?? whole;
    const code = name[1] === 'x' ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
