/** Pairs of a simplified character and its traditional ones, `杀 殺|与 與 与`. */
declare module 'opencc-js/dict/STCharacters' {
  const pairs: string;
  export default pairs;
}
