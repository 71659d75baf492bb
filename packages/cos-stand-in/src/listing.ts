import { CosRefusal, encode, escapeXml } from '@easel/stand-in-kit/object-store';
import type { StoredObject } from './object-table.js';

/** The most keys of one page. */
const mostKeys = 1000;

export interface Wanted {
  readonly prefix: string;
  readonly marker: string;
  readonly delimiter: string;
  readonly maxKeys: number;
  readonly urlEncoded: boolean;
}

export interface Page {
  readonly contents: readonly StoredObject[];
  readonly commonPrefixes: readonly string[];
  /** The last key or common prefix of a page that another one follows. */
  readonly nextMarker?: string;
}

/** Parameters of a listing. Throws a `CosRefusal` for an invalid number of keys or encoding. */
export function readWanted(query: ReadonlyMap<string, string>): Wanted {
  const number = query.get('max-keys') || String(mostKeys);
  const encoding = query.get('encoding-type') ?? '';
  if (!/^\d{1,9}$/.test(number))
    throw new CosRefusal(
      400,
      'InvalidArgument',
      'Argument maxKeys must be an integer between 0 and 2147483647',
    );
  if (encoding !== '' && encoding !== 'url')
    throw new CosRefusal(400, 'InvalidArgument', 'Invalid Encoding Method specified in Request');
  return {
    prefix: query.get('prefix') ?? '',
    marker: query.get('marker') ?? '',
    delimiter: query.get('delimiter') ?? '',
    maxKeys: Math.min(Number(number), mostKeys),
    urlEncoded: encoding === 'url',
  };
}

/** @param objects in the order of their keys */
export function pageOf(objects: readonly StoredObject[], wanted: Wanted): Page {
  const { prefix, marker, delimiter, maxKeys } = wanted;
  const contents: StoredObject[] = [];
  const prefixes = new Set<string>();
  let last: string | undefined;
  for (const object of objects) {
    if (!object.key.startsWith(prefix)) continue;
    const end = delimiter === '' ? -1 : object.key.indexOf(delimiter, prefix.length);
    const name = end < 0 ? object.key : object.key.slice(0, end + delimiter.length);
    if (prefixes.has(name) || !isAfter(name, marker)) continue;
    if (contents.length + prefixes.size >= maxKeys)
      return { contents, commonPrefixes: [...prefixes], ...(last !== undefined && { nextMarker: last }) };
    if (end < 0) contents.push(object);
    else prefixes.add(name);
    last = name;
  }
  return { contents, commonPrefixes: [...prefixes] };
}

function isAfter(name: string, marker: string): boolean {
  return marker === '' || Buffer.compare(Buffer.from(name), Buffer.from(marker)) > 0;
}

/** ListBucketResult, as COS writes it. */
export function listingXml(bucket: string, wanted: Wanted, page: Page): string {
  const text = (value: string) => escapeXml(wanted.urlEncoded ? encode(value) : value);
  const owner = bucket.slice(bucket.lastIndexOf('-') + 1);
  const contents = page.contents.map(
    ({ key, etag, bytes, modifiedAt }) => `\t<Contents>
\t\t<Key>${text(key)}</Key>
\t\t<LastModified>${new Date(modifiedAt).toISOString().replace(/\d{3}Z$/, '000Z')}</LastModified>
\t\t<ETag>&quot;${etag}&quot;</ETag>
\t\t<Size>${bytes.length}</Size>
\t\t<Owner>
\t\t\t<ID>${owner}</ID>
\t\t\t<DisplayName>${owner}</DisplayName>
\t\t</Owner>
\t\t<StorageClass>STANDARD</StorageClass>
\t</Contents>
`,
  );
  const prefixes = page.commonPrefixes.map(
    (prefix) => `\t<CommonPrefixes>\n\t\t<Prefix>${text(prefix)}</Prefix>\n\t</CommonPrefixes>\n`,
  );
  const { nextMarker } = page;
  return `<?xml version='1.0' encoding='utf-8' ?>
<ListBucketResult>
\t<Name>${escapeXml(bucket)}</Name>
${wanted.urlEncoded ? '\t<EncodingType>url</EncodingType>\n' : ''}\t${tag('Prefix', text(wanted.prefix))}
\t${tag('Marker', text(wanted.marker))}
\t<MaxKeys>${wanted.maxKeys}</MaxKeys>
\t${tag('Delimiter', text(wanted.delimiter))}
\t<IsTruncated>${nextMarker !== undefined}</IsTruncated>
${nextMarker === undefined ? '' : `\t<NextMarker>${text(nextMarker)}</NextMarker>\n`}${contents.join('')}${prefixes.join('')}</ListBucketResult>
`;
}

function tag(name: string, value: string): string {
  return value === '' ? `<${name}/>` : `<${name}>${value}</${name}>`;
}
