/** 运营者在 OPERATOR_CHANNEL_ID 中看到的内容，可以使用 MPS 一词。 */
export const operator = {
  'notice.credentials':
    'MPS 拒绝了 API 密钥（{{code}}），在处理好之前无法生成任何内容。请在运行 Easel 的服务器上执行 doctor，它会指出问题所在。用户会看到“Easel 的配置有误”的提示，已有任务不会丢失。',
  'notice.inactive':
    '这个腾讯云账户尚未开通 MPS（{{code}}），暂时无法生成任何内容。请登录 console.cloud.tencent.com/mps（国际站：console.tencentcloud.com/mps）开通，开通后 Easel 即可使用。在此之前，用户会看到“Easel 还没有配置完成”的提示。',
  'notice.full':
    'MPS 拒绝了新任务：这个账户同时进行的任务已达上限（{{code}}）。Easel 会继续尝试，不会丢失任何任务，但用户需要等待。请调低 MAX_IMAGE_TASKS 或 MAX_VIDEO_TASKS，或向腾讯云申请提高并发数。',
  'notice.sources':
    'MPS 没能读取用户上传的图片，任务因此失败（未计费）。位于中国大陆的 MPS 访问 Discord 的服务器很慢，甚至无法访问。有两种办法：设置 COS_BUCKET 和 COS_REGION，并使用 SOURCE_HOST=auto 或 cos；或使用海外地域（TENCENTCLOUD_REGION=ap-singapore）。',
  'notice.arrears':
    'MPS 提示腾讯云账户已欠费（{{code}}）。充值后 Easel 会自动恢复；在此之前，用户会看到暂时无法生成的提示。',
  'notice.store':
    'Easel 无法写入存储（{{reason}}）。恢复之前不再接受新任务，恢复后自动继续；之前的任务不会丢失。请检查磁盘和日志。',
  'notice.records_other':
    '存储中有 {{count}} 条任务记录无法读取。Easel 没有改动它们：不会重复提交，但这些任务也不会再有结果。日志里列出了每一条。请保留数据库文件并反馈此问题。',
  'notice.links_other':
    '有 {{count}} 个已付费的结果还没能送达，其中最早的链接将在 {{dies}} 失效。日志里写有原因：请查找无法发布的任务。',
  'notice.names':
    '运行 Easel 的服务器把 {{host}} 解析到了内网地址，而 Easel 只从公网地址获取文件。请让这台服务器使用公共 DNS 服务器解析域名。在此之前，已付费的结果会一直等待；链接在生成 12 小时后失效，届时结果就会丢失。',
  'notice.moderation':
    '过去一小时内，有 {{count}} 个请求被内容审核拒绝，均未计费。如果持续出现，可以与该服务器沟通或设置限额。',
  'notice.refused':
    'Discord 在十分钟内拒绝了 {{count}} 个请求，拒绝过多会导致 IP 被封禁。Easel 已放慢速度：进度卡片暂停更新，结果会稍晚送达。请检查机器人的权限；日志中记有哪些请求被拒绝。',
  'notice.role':
    'MPS 没有把结果存入你的存储桶（COS_BUCKET）。它的说明：{{message}}。最可能的原因是服务角色 MPS_QcsRole 尚未授权，或无权写入该存储桶：请在 MPS 控制台的“账号授权”中授权（console.cloud.tencent.com/mps）。用户仍会收到结果，但 MPS 只保留 12 小时。',
  'notice.bucket':
    'API 密钥没有 Easel 所需的存储桶（COS_BUCKET）权限，结果暂时取不回来。请授予它该存储桶的 cos:GetObject 和 cos:GetBucket 权限，之后 Easel 会自动继续。doctor 会给出所需的策略。',

  // 开发者门户用的文字：简介最多 400 个字符，标签最多 20 个字符。
  'directory.short.both':
    'Easel 用文字生成图片和视频。用 /imagine 或 /animate 描述想看到的内容，或者直接提及 Easel；回复一张图片，可以修改它，也可以让它动起来。结果保留在频道里，谁能做什么由服务器决定。内容由 AI 生成。',
  'directory.short.image':
    'Easel 用文字生成图片。用 /imagine 描述想看到的内容，或者直接提及 Easel；回复一张图片，可以修改它。结果保留在频道里，谁能做什么由服务器决定。内容由 AI 生成。',
  'directory.short.video':
    'Easel 用文字和图片生成视频。用 /animate 描述想看到的内容，或者直接提及 Easel；回复一张图片，可以让它动起来。结果保留在频道里，谁能做什么由服务器决定。内容由 AI 生成。',
  'directory.tags.both': 'AI、绘画、图片、视频、创作',
  'directory.tags.image': 'AI、绘画、图片、创作',
  'directory.tags.video': 'AI、绘画、视频、创作',
  'directory.long':
    '可选多种模型、尺寸和比例，可以并排对比模型，用一个按钮就能编辑、重做或提高分辨率。管理员用 /settings 和 /quota 设置频道、身份组、模型、上限和内容规则。每个人都可以用 /privacy 查看和删除自己的数据。用 /help 查看在你的服务器里可以做什么。',
};
