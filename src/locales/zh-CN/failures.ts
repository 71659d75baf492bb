/** 任务没有结果的各种情况：发生了什么、是否扣费、接下来怎么做。 */
export const failures = {
  'failure.interrupted':
    'Easel 恰好在提交任务时重启，无法确认是否提交成功。系统没有重复提交。不计入用量。如有需要，请点“重试”重新提交。',
  'failure.credentials': 'Easel 的配置有误：腾讯云拒绝了它的密钥。没有扣费。请告知机器人的运营者。',
  'failure.inactive': 'Easel 还没有配置完成：它的账户尚未开通生成服务。没有扣费。请告知机器人的运营者。',
  'failure.clock':
    'Easel 所在服务器的时间不准，腾讯云拒绝了它的签名。没有扣费。请告知机器人的运营者校准时间。',
  'failure.moderation': '描述或图片没有通过内容审核。没有扣费。请修改后再发送。',
  'failure.moderation.result': '生成过程中没有通过内容审核。没有扣费。请修改描述或换一张图片再发送。',
  'failure.rejected': '生成服务不接受这样的选项组合。没有扣费。请去掉某个选项或换一个模型再试。',
  'failure.withdrawn':
    '排队期间，你选的模型已下线，或不再接受这些选项。没有扣费。请修改选项或换一个模型再发送。',
  'failure.rejected.named': '生成服务不接受：{{what}}。没有扣费。请修改这一项，或换一个模型再试。',
  'failure.exhausted': '生成服务目前没有可用的资源。没有扣费。请过几分钟再试，或换一个模型。',
  'failure.arrears': '这个机器人使用的腾讯云账户目前无法付费。没有扣费。请告知机器人的运营者。',
  'failure.unavailable': '生成服务连续几分钟不可用。任务没有提交，也没有扣费。请稍后再试。',
  'failure.unreachable': '连续几分钟都连不上生成服务。任务没有提交，也没有扣费。请稍后再试。',
  'failure.uncertain':
    '提交任务时与生成服务的连接中断，无法确认是否提交成功。系统没有重复提交。不计入用量。如有需要，请点“重试”重新提交。',
  'failure.unsuccessful': '这次没能生成。没有扣费。请重试，或换一种描述。',
  'failure.unsuccessful.shape':
    '这个模型不支持这样的选项组合。没有扣费。请点“编辑”调整时长、尺寸、分辨率或参考图，或换一个模型。',
  'failure.unsuccessful.words': '描述对这个模型来说太长了。没有扣费。请点“编辑”缩短描述，或换一个模型。',
  'failure.unsuccessful.source':
    '这个模型用不了这张图片，多半是因为尺寸或比例。没有扣费。请换一张宽和高都不少于 512 像素的图片，或换一个模型。',
  'failure.unsuccessful.fetch':
    '生成服务没能读取你的图片。没有扣费。请过几分钟再试；如果一直这样，请告知机器人的运营者。',
  'failure.empty':
    '任务显示已完成，却没有收到文件，机器人的运营者可以在日志中查到。不计入用量。请点“重试”重新生成。',
  'failure.overdue': '两天内没有完成，我已停止查询。不计入用量。请重试，也可以换一个模型。',
  'failure.expired':
    '结果已经生成，但在发布之前链接就失效了，仍计入用量。点“重试”会重新生成，并再次计入用量。',
  'failure.misresolved':
    '结果已经生成，但我的服务器无法下载。请告知机器人的运营者，日志中写有处理办法。处理好之后再点“重试”：会重新生成，并再次计入用量。',
  'failure.forbidden':
    '结果已经生成，但我不能打开它所在的地址，仍计入用量。机器人的运营者可以在日志中查到。点“重试”会重新生成，并再次计入用量。',
  'failure.unreadable':
    '收到的文件无法发布，但已经生成，仍计入用量。机器人的运营者可以在日志中查到。点“重试”会重新生成，并再次计入用量。',
  'failure.tooLarge':
    '结果超过了 Discord 在这里允许的文件大小，但已经生成，仍计入用量。请点“编辑”选择较低的分辨率或较短的时长，或到助力等级更高的服务器使用。',
  'failure.source.unreachable': '打不开 {{name}}。没有扣费。请重新上传图片，再发送一次命令。',
  'failure.source.type':
    '{{name}} 实际上是 {{found}} 文件，不能当作图片使用。没有扣费。请另存为 {{allowed}} 后再发送。',
  'failure.source.lottie':
    '{{name}} 是由 Discord 自行绘制的动态贴纸，里面没有图片。没有扣费。请截图后发送截图。',
  'failure.source.broken':
    '无法读取 {{name}}：文件已损坏、不完整，或不是图片。没有扣费。请重新保存为 PNG 或 JPEG 后再发送。',
  'failure.source.size': '{{name}} 有 {{megabytes}} MB，必须小于 {{max}} MB。没有扣费。请压缩后再发送。',
  'failure.source.pixels':
    '{{name}} 有 {{width}} × {{height}} 像素，远超所需。没有扣费。请把长边缩小到 4096 像素后再发送。',
  'failure.source.small':
    '{{name}} 只有 {{width}} × {{height}} 像素，对这个模型来说太小：每边至少要有 {{min}} 像素。没有扣费。请换一张更大的图片，或换一个模型。',
  'failure.source.heavy':
    '打开 {{name}} 所需的内存或时间远超正常图片，已停止处理。没有扣费。请另存为 PNG 或 JPEG，长边不超过 4096 像素，再重新发送。',
  'failure.source.unavailable':
    '目前无法处理图片，所以用不了 {{name}}。没有扣费。不带图片的任务不受影响；这个问题需要机器人的运营者修复。',
  'failure.source.address': '我只打开上传到 Discord 的图片。没有扣费。请把 {{name}} 上传到这里，再发送命令。',
  'failure.source.crowded': '暂时没有空间处理 {{name}}：正在准备的图片太多。没有扣费。请过几分钟再试。',
  'failure.source.hosting':
    '{{name}} 没有问题，但我没能把它放到生成服务可以读取的地方。没有扣费。请过几分钟再试；如果一直这样，请告知机器人的运营者。',
  'failure.source.refused': '{{name}} 被 Discord 的媒体过滤器拦截，我无法使用它。没有扣费。请换一张图片。',
  'failure.unanswered': 'Discord 或 Easel 当时不可用，没能接下这个任务。没有扣费。请点“重试”。',
  'failure.unpostable':
    '我无法在你使用的频道发消息：子区可能已锁定，或者我缺少权限。没有扣费。请换个频道，或联系管理员。',
  'failure.words':
    'Discord 不允许我在这里复述你的提示词（多半是本服务器的 AutoMod 拦截了），所以没有提交任务，也没有扣费。请换个说法再试。',
  'failure.internal':
    'Easel 内部出了问题，不会再产生费用。如果再次发生，请把编号 {{incident}} 告诉机器人的运营者。',
};
