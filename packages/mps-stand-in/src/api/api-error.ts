/** The languages X-TC-Language picks from. */
export type Language = 'en-US' | 'zh-CN';

/** An error answer of the API: a code, and its message in both languages. HTTP status stays 200. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: string;
  readonly words: Readonly<Record<Language, string>>;

  constructor(code: string, english: string, chinese: string) {
    super(`${code}: ${english}`);
    this.code = code;
    this.words = { 'en-US': english, 'zh-CN': chinese };
  }
}

export function unknownParameter(path: string): Refusal {
  return new Refusal(
    'UnknownParameter',
    `The parameter \`${path}\` is not recognized.`,
    `未知参数 \`${path}\`。`,
  );
}

export function missingParameter(path: string): Refusal {
  return new Refusal(
    'MissingParameter',
    `The request is missing a required parameter \`${path}\`.`,
    `缺少必需参数 \`${path}\`。`,
  );
}

export function mistypedParameter(path: string, expected: string): Refusal {
  return new Refusal(
    'InvalidParameter',
    `The parameter \`${path}\` must be ${expected}.`,
    `参数 \`${path}\` 类型错误，应为 ${expected}。`,
  );
}

/** @param allowed the accepted values, as a list or a few words */
export function invalidValue(path: string, value: unknown, allowed: string): Refusal {
  const found = typeof value === 'string' ? value : JSON.stringify(value);
  return new Refusal(
    'InvalidParameterValue',
    `The value \`${found}\` of parameter \`${path}\` is not allowed: ${allowed}.`,
    `参数 \`${path}\` 的取值 \`${found}\` 不合法：${allowed}。`,
  );
}
