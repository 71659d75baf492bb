import type { Resolve } from '../../src/media/http/url-guard.js';

/** A name service that answers with `find`, like `dns.lookup`. */
export function resolveTo(find: (name: string) => readonly string[]): Resolve {
  return (name, _options, done) => {
    const found = find(name).map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    done(null, found);
  };
}
