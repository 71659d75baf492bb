import { Refusal } from './api-error.js';

/** The API's message for a code, English and Chinese, if a test specifies only the code. */
const words: Readonly<Record<string, readonly [english: string, chinese: string]>> = {
  RequestLimitExceeded: [
    'Your current request times exceed the limit of requests per second.',
    '您当前每秒请求次数超过了频率限制，请稍后重试。',
  ],
  'AuthFailure.UnauthorizedOperation': [
    'You are not authorized to perform this operation. Check your CAM policy.',
    '请求未授权，请检查 CAM 策略。',
  ],
  UnauthorizedOperation: ['The operation is not authorized.', '未授权操作。'],
  IpNotInWhitelist: ['The request IP is not in the whitelist.', '请求 IP 不在白名单内。'],
  IpInBlacklist: ['The request IP is in the blacklist.', '请求 IP 在黑名单内。'],
  'FailedOperation.InvalidMpsUser': [
    'The user has not activated the MPS service.',
    '用户尚未开通媒体处理（MPS）服务。',
  ],
  'InvalidParameter.ViolationContent': [
    'The prompt contains content that violates the rules.',
    'Prompt 内容触发了内容审核拦截。',
  ],
  'InvalidParameter.VoilationContent': [
    'The input contains content that violates the rules.',
    '输入内容触发了内容审核拦截。',
  ],
  InvalidParameter: ['The parameter is invalid.', '参数错误。'],
  InvalidParameterValue: ['The value of a parameter is invalid.', '参数取值错误。'],
  MissingParameter: ['A required parameter is missing.', '缺少必需参数。'],
  UnknownParameter: ['A parameter is not recognized.', '未知参数。'],
  UnsupportedOperation: ['The operation is not supported.', '操作不支持。'],
  UnsupportedRegion: ['The region is not supported.', '接口不支持所传地域。'],
  NoSuchProduct: ['The product does not exist.', '产品不存在。'],
  ActionOffline: ['The action is offline.', '接口已下线。'],
  RequestSizeLimitExceeded: ['The request is larger than the limit.', '请求包超过限制大小。'],
  ResourceInsufficient: ['The resources are insufficient.', '资源不足。'],
  LimitExceeded: ['The quota of the account is used up.', '超过配额限制。'],
  OperationDenied: ['The operation is denied: the account is in arrears.', '操作被拒绝：账号已欠费。'],
  ResourceUnavailable: ['The resource is unavailable.', '资源不可用。'],
  ServiceUnavailable: ['The service is temporarily unavailable.', '当前服务暂时不可用。'],
  ResourceInUse: ['The resource is in use.', '资源被占用。'],
  InternalError: ['An internal error occurred.', '内部错误。'],
  FailedOperation: ['The operation failed.', '操作失败。'],
  ResourceNotFound: ['The resource does not exist.', '资源不存在。'],
  'FailedOperation.TaskNotFound': ['The task does not exist.', '任务不存在。'],
};

/** The refusal with a code, in a test's own words or in the API's. */
export function refusalWith(code: string, message?: string): Refusal {
  const [english, chinese] = words[code] ?? [`Injected ${code}.`, `Injected ${code}.`];
  return new Refusal(code, message ?? english, message ?? chinese);
}
