/**
 * Lower case for comparing names that users type. `İ` and `ı` are an `i`: a Turkish keyboard writes `Europe/İstanbul` and
 * `KLİNG`, and there `ışık` is the lower case of `Işık`, while `toLowerCase` makes other words of them.
 */
export function lowerCased(text: string): string {
  return text.replace(/[İı]/g, 'i').toLowerCase();
}
